import type { JsonObject } from "../wire";
import { hex } from "../model";
import {
    ACCOUNT,
    arn,
    globalArn,
    number,
    shortRegion,
    string,
    uuid,
    type Made,
    type Rows,
} from "./row";

const MANAGED = { description: "Managed by Pulumi" };

/** The engine's major version, by which ElastiCache tells a downgrade. */
function major(version: JsonObject[string] | undefined): number {
    return Number.parseInt(string(version), 10) || 0;
}

function replicationGroup(made: Made, prior?: JsonObject): JsonObject {
    const { inputs, name, region } = made;
    const shards = number(inputs.numNodeGroups, number(prior?.numNodeGroups, 1));
    const clusters = number(inputs.numCacheClusters, number(prior?.numCacheClusters, 1));
    const replicas = number(
        inputs.replicasPerNodeGroup,
        number(prior?.replicasPerNodeGroup, shards > 1 ? 0 : Math.max(0, clusters - 1)),
    );
    const clusterEnabled = inputs.clusterMode === "enabled" || shards > 1;
    const host = `${name}.${string(prior?.endpointHash) || hex(6)}`;
    const domain = `${shortRegion(region)}.cache.amazonaws.com`;
    const members = Array.from({ length: shards }, (_, shard) =>
        Array.from({ length: replicas + 1 }, (_, node) =>
            clusterEnabled
                ? `${name}-${String(shard + 1).padStart(4, "0")}-${String(node + 1).padStart(3, "0")}`
                : `${name}-${String(node + 1).padStart(3, "0")}`,
        ),
    ).flat();
    return {
        arn: arn("elasticache", made, `replicationgroup:${name}`),
        clusterEnabled,
        clusterMode: clusterEnabled ? "enabled" : "disabled",
        configurationEndpointAddress: clusterEnabled ? `clustercfg.${host}.${domain}` : "",
        primaryEndpointAddress: clusterEnabled ? "" : `master.${host}.${domain}`,
        readerEndpointAddress: clusterEnabled ? "" : `replica.${host}.${domain}`,
        engine: "redis",
        engineVersion: "7.1",
        engineVersionActual: string(inputs.engineVersion) || "7.1",
        memberClusters: members,
        numCacheClusters: members.length,
        numNodeGroups: shards,
        replicasPerNodeGroup: replicas,
        port: 6379,
        networkType: "ipv4",
        ipDiscovery: "ipv4",
        autoMinorVersionUpgrade: true,
        snapshotWindow: "05:00-06:00",
        maintenanceWindow: "sun:07:00-sun:08:00",
        transitEncryptionEnabled: false,
    };
}

function rdsHost(made: Made, kind: string): string {
    return `${made.name}.${kind}${hex(12)}.${made.region}.rds.amazonaws.com`;
}

/** ElastiCache, RDS, S3 and Backup. */
export const DATA: Rows = {
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        autoname: { property: "replicationGroupId", maxLength: 40, lowercase: true },
        // Shards, copies, node type, upgrades, users and durability change online:
        // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.ChangingDurability.html
        replaces: [
            "replicationGroupId",
            "globalReplicationGroupId",
            "atRestEncryptionEnabled",
            "kmsKeyId",
            "networkType",
            "nodeGroupConfigurations",
            "port",
            "snapshotArns",
            "snapshotName",
            "subnetGroupName",
            "dataTieringEnabled",
        ],
        replacesWhen: (before, after) => [
            // Redis moves to Valkey in place, never back; a major version never goes down.
            ...(before.engine === "valkey" && after.engine !== "valkey" ? ["engine"] : []),
            ...(before.engine === after.engine &&
            after.engineVersion !== undefined &&
            major(after.engineVersion) < major(before.engineVersion)
                ? ["engineVersion"]
                : []),
        ],
        unique: ["replicationGroupId"],
        id: ({ name }) => name,
        outputs: (made) => replicationGroup(made),
        onUpdate: (made, prior) => {
            const now = replicationGroup(made, prior);
            return {
                engineVersionActual: now.engineVersionActual ?? "",
                memberClusters: now.memberClusters ?? [],
                numCacheClusters: now.numCacheClusters ?? 0,
                numNodeGroups: now.numNodeGroups ?? 0,
                replicasPerNodeGroup: now.replicasPerNodeGroup ?? 0,
            };
        },
        unknownOnUpdate: (found) =>
            found.some(({ path }) =>
                ["numNodeGroups", "replicasPerNodeGroup", "numCacheClusters"].includes(
                    String(path[0]),
                ),
            )
                ? ["memberClusters", "numCacheClusters"]
                : [],
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {
        autoname: { property: "name", maxLength: 255, lowercase: true },
        replaces: ["name"],
        unique: ["name"],
        defaults: MANAGED,
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("elasticache", made, `subnetgroup:${made.name}`),
            vpcId: `vpc-0${hex(16)}`,
        }),
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        autoname: { property: "name", maxLength: 255, lowercase: true },
        replaces: ["name", "family", "description"],
        unique: ["name"],
        defaults: MANAGED,
        id: ({ name }) => name,
        outputs: (made) => ({ arn: arn("elasticache", made, `parametergroup:${made.name}`) }),
    },
    "aws:elasticache/user:User": {
        replaces: ["userId", "userName"],
        unique: ["userId"],
        defaults: { noPasswordRequired: false },
        id: ({ inputs }) => string(inputs.userId),
        outputs: (made) => ({ arn: arn("elasticache", made, `user:${made.id}`) }),
    },
    "aws:elasticache/userGroup:UserGroup": {
        replaces: ["userGroupId"],
        unique: ["userGroupId"],
        id: ({ inputs }) => string(inputs.userGroupId),
        outputs: (made) => ({ arn: arn("elasticache", made, `usergroup:${made.id}`) }),
    },
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": {
        replaces: ["userGroupId", "userId"],
        id: ({ inputs }) => `${string(inputs.userGroupId)},${string(inputs.userId)}`,
    },
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {
        replaces: ["globalReplicationGroupIdSuffix", "primaryReplicationGroupId"],
        id: ({ inputs }) => `ldgnf-${string(inputs.globalReplicationGroupIdSuffix)}`,
        outputs: ({ id }) => ({
            arn: globalArn("elasticache", `globalreplicationgroup:${id}`),
            globalReplicationGroupId: id,
            clusterEnabled: true,
            atRestEncryptionEnabled: true,
            transitEncryptionEnabled: true,
            authTokenEnabled: false,
            globalNodeGroups: [],
        }),
    },
    "aws:rds/cluster:Cluster": {
        autoname: { property: "clusterIdentifier", maxLength: 63, lowercase: true },
        replaces: [
            "clusterIdentifier",
            "clusterIdentifierPrefix",
            "availabilityZones",
            "databaseName",
            "dbSubnetGroupName",
            "engine",
            "engineMode",
            "kmsKeyId",
            "masterUsername",
            "snapshotIdentifier",
            "sourceRegion",
            "storageEncrypted",
        ],
        unique: ["clusterIdentifier"],
        defaults: {
            skipFinalSnapshot: false,
            engineMode: "provisioned",
            copyTagsToSnapshot: false,
        },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("rds", made, `cluster:${made.name}`),
            clusterResourceId: `cluster-${hex(26).toUpperCase()}`,
            endpoint: rdsHost(made, "cluster-"),
            readerEndpoint: rdsHost(made, "cluster-ro-"),
            hostedZoneId: `Z1${hex(12).toUpperCase()}`,
            engineVersionActual: string(made.inputs.engineVersion),
            port: string(made.inputs.engine).includes("postgres") ? 5432 : 3306,
            clusterMembers: [],
            masterUserSecrets: [],
        }),
    },
    "aws:rds/clusterInstance:ClusterInstance": {
        autoname: { property: "identifier", maxLength: 63, lowercase: true },
        replaces: [
            "identifier",
            "identifierPrefix",
            "availabilityZone",
            "clusterIdentifier",
            "customIamInstanceProfile",
            "dbSubnetGroupName",
            "engine",
        ],
        unique: ["identifier"],
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("rds", made, `db:${made.name}`),
            dbiResourceId: `db-${hex(26).toUpperCase()}`,
            endpoint: rdsHost(made, ""),
            writer: true,
            port: 5432,
            storageEncrypted: true,
        }),
    },
    "aws:rds/globalCluster:GlobalCluster": {
        replaces: [
            "globalClusterIdentifier",
            "databaseName",
            "engine",
            "sourceDbClusterIdentifier",
            "storageEncrypted",
        ],
        unique: ["globalClusterIdentifier"],
        id: ({ inputs }) => string(inputs.globalClusterIdentifier),
        outputs: ({ id }) => ({
            arn: globalArn("rds", `global-cluster:${id}`),
            globalClusterResourceId: `cluster-${hex(16)}`,
            endpoint: `${id}.global-${hex(12)}.global.rds.amazonaws.com`,
            globalClusterMembers: [],
        }),
    },
    "aws:rds/subnetGroup:SubnetGroup": {
        autoname: { property: "name", maxLength: 255, lowercase: true },
        replaces: ["name", "namePrefix"],
        unique: ["name"],
        defaults: MANAGED,
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("rds", made, `subgrp:${made.name}`),
            vpcId: `vpc-0${hex(16)}`,
            supportedNetworkTypes: ["IPV4"],
        }),
    },
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
        autoname: { property: "name", maxLength: 255, lowercase: true },
        replaces: ["name", "namePrefix", "family", "description"],
        unique: ["name"],
        defaults: MANAGED,
        id: ({ name }) => name,
        outputs: (made) => ({ arn: arn("rds", made, `cluster-pg:${made.name}`) }),
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        autoname: { property: "name", maxLength: 255, lowercase: true },
        replaces: ["name", "namePrefix", "family", "description"],
        unique: ["name"],
        defaults: MANAGED,
        id: ({ name }) => name,
        outputs: (made) => ({ arn: arn("rds", made, `pg:${made.name}`) }),
    },
    "aws:s3/bucket:Bucket": {
        autoname: { property: "bucket", maxLength: 63, lowercase: true },
        replaces: ["bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"],
        unique: ["bucket"],
        defaults: { forceDestroy: false },
        id: ({ name }) => name,
        outputs: ({ name, region }) => ({
            arn: `arn:aws:s3:::${name}`,
            bucketDomainName: `${name}.s3.amazonaws.com`,
            bucketRegion: region,
            bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
            hostedZoneId: `Z3${hex(12).toUpperCase()}`,
        }),
    },
    ...Object.fromEntries(
        [
            "bucketPolicy:BucketPolicy",
            "bucketPublicAccessBlock:BucketPublicAccessBlock",
            "bucketOwnershipControls:BucketOwnershipControls",
            "bucketNotification:BucketNotification",
        ].map((type) => [
            `aws:s3/${type}`,
            { replaces: ["bucket"], id: ({ inputs }: Made) => string(inputs.bucket) },
        ]),
    ),
    ...Object.fromEntries(
        [
            "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "bucketVersioning:BucketVersioning",
            "bucketLogging:BucketLogging",
            "bucketAcl:BucketAcl",
        ].map((type) => [
            `aws:s3/${type}`,
            {
                replaces: ["bucket", "expectedBucketOwner"],
                id: ({ inputs }: Made) => string(inputs.bucket),
            },
        ]),
    ),
    "aws:s3/bucketMetric:BucketMetric": {
        replaces: ["bucket", "name"],
        id: ({ inputs, name }) => `${string(inputs.bucket)}:${name}`,
    },
    "aws:s3/bucketObject:BucketObject": {
        replaces: ["bucket", "key"],
        id: ({ inputs }) => string(inputs.key),
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": {
        replaces: ["bucket", "key"],
        id: ({ inputs }) => `${string(inputs.bucket)}/${string(inputs.key)}`,
    },
    "aws:backup/vault:Vault": {
        autoname: { property: "name", maxLength: 50 },
        replaces: ["name", "kmsKeyArn"],
        unique: ["name"],
        defaults: { forceDestroy: false },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("backup", made, `backup-vault:${made.name}`),
            recoveryPoints: 0,
        }),
    },
    "aws:backup/plan:Plan": {
        replaces: [],
        id: uuid,
        outputs: (made) => ({
            arn: arn("backup", made, `backup-plan:${made.id}`),
            version: hex(32),
        }),
        onUpdate: () => ({ version: hex(32) }),
        unknownOnUpdate: () => ["version"],
    },
    "aws:backup/selection:Selection": {
        replaces: [
            "conditions",
            "iamRoleArn",
            "name",
            "notResources",
            "planId",
            "resources",
            "selectionTags",
        ],
        id: uuid,
    },
    "aws:backup/vaultPolicy:VaultPolicy": {
        replaces: ["backupVaultName"],
        id: ({ inputs }) => string(inputs.backupVaultName),
    },
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
        replaces: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
        id: ({ inputs }) => string(inputs.backupVaultName),
    },
    "aws:budgets/budget:Budget": {
        autoname: { property: "name", maxLength: 100 },
        replaces: ["accountId", "name", "namePrefix", "budgetType"],
        unique: ["name"],
        id: ({ name }) => `${ACCOUNT}:${name}`,
        outputs: ({ name }) => ({
            arn: globalArn("budgets", `budget/${name}`),
            accountId: ACCOUNT,
            timePeriodStart: "2025-01-01_00:00",
            timePeriodEnd: "2087-06-15_00:00",
        }),
    },
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
        autoname: { property: "name", maxLength: 1024 },
        replaces: ["monitorType", "monitorDimension", "monitorSpecification"],
        id: () => globalArn("ce", `anomalymonitor/${uuid()}`),
        outputs: ({ id }) => ({ arn: id }),
    },
    "aws:costexplorer/anomalySubscription:AnomalySubscription": {
        autoname: { property: "name", maxLength: 1024 },
        replaces: ["accountId", "name"],
        id: () => globalArn("ce", `anomalysubscription/${uuid()}`),
        outputs: ({ id }) => ({ arn: id, accountId: ACCOUNT }),
    },
};
