import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as rds from "@pulumi/aws/rds";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

/** A writer and a member that follows it, with the alarm on its lag. */
export function database(stack: TestStack): void {
    const cluster = (name: string, region: string, more: object) =>
        stack.add(
            "aws:rds/cluster:Cluster",
            name,
            {
                ...of<rds.ClusterArgs>({
                    region,
                    clusterIdentifier: name,
                    engine: "aurora-postgresql",
                    globalClusterIdentifier: UNKNOWN,
                    storageEncrypted: true,
                    deletionProtection: true,
                    backupRetentionPeriod: 7,
                    iamDatabaseAuthenticationEnabled: true,
                    tags: { "logcaster:runbook": "docs/runbooks/database-promotion.md" },
                }),
                ...more,
            },
            { globalClusterIdentifier: ["global-database"] },
        );
    stack.add(
        "aws:rds/globalCluster:GlobalCluster",
        "global-database",
        of<rds.GlobalClusterArgs>({
            globalClusterIdentifier: "logcaster",
            storageEncrypted: true,
            deletionProtection: true,
        }),
    );
    cluster("writer", "us-east-1", { masterUsername: "admin" });
    // AWS tells of a login, which the program did not give.
    cluster("follower", "eu-west-1", { masterUsername: UNKNOWN });
    stack.add(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "lag",
        of<cloudwatch.MetricAlarmArgs>({
            region: "eu-west-1",
            alarmDescription: "Runbook: https://example.com/runbooks/lag.md",
            namespace: "AWS/RDS",
            metricName: "AuroraGlobalDBReplicationLag",
            dimensions: { DBClusterIdentifier: UNKNOWN, SourceRegion: "us-east-1" },
            comparisonOperator: "GreaterThanThreshold",
            threshold: 1000,
            evaluationPeriods: 5,
            datapointsToAlarm: 5,
            treatMissingData: "breaching",
            alarmActions: [UNKNOWN],
        }),
        { dimensions: ["follower"], alarmActions: ["notify-ops"] },
    );
}
