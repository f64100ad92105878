import type * as elasticache from "@pulumi/aws/elasticache";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

export function redis(stack: TestStack): void {
    stack
        .add(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "store",
            of<elasticache.ReplicationGroupArgs>({
                region: "us-east-1",
                description: "store",
                engine: "valkey",
                numNodeGroups: 4,
                replicasPerNodeGroup: 2,
                automaticFailoverEnabled: true,
                multiAzEnabled: true,
                atRestEncryptionEnabled: true,
                transitEncryptionEnabled: true,
                kmsKeyId: UNKNOWN,
                userGroupIds: [UNKNOWN],
                snapshotRetentionLimit: 7,
                subnetGroupName: UNKNOWN,
                parameterGroupName: UNKNOWN,
                port: 6380,
                tags: {
                    "logcaster:redis-role": "store",
                    "logcaster:runbook": "docs/runbooks/redis-failover.md",
                },
            }),
            { parameterGroupName: ["store-parameters"], subnetGroupName: ["redis-subnets"] },
        )
        .add(
            "aws:elasticache/parameterGroup:ParameterGroup",
            "store-parameters",
            of<elasticache.ParameterGroupArgs>({
                family: "valkey8",
                parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
            }),
        );
}
