import * as appautoscaling from "@pulumi/aws/appautoscaling";
import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import { parameterGroupFamily } from "logcaster-model/database";
import { encryptedLogGroup } from "../encrypted-log-group";
import { rotatingKey } from "../rotating-key";
import { trackTarget } from "../target-tracking";
import { closeGroup } from "./access";
import type { DatabaseReadersArgs, DatabaseRegionArgs, GlobalDatabaseArgs } from "./args";
import { DATABASE_DEFAULTS, DATABASE_PORT, ENGINE } from "./defaults";

/** The arguments with their defaults. */
export type DatabaseOptions = Required<Omit<GlobalDatabaseArgs, "readers" | "runbooksUrl">> &
    Pick<GlobalDatabaseArgs, "readers" | "runbooksUrl">;

export interface MemberArgs {
    readonly region: string;
    readonly place: DatabaseRegionArgs;
    readonly options: DatabaseOptions;
    /** Name of the cluster in AWS. */
    readonly identifier: string;
    readonly globalClusterId: pulumi.Output<string>;
    readonly monitoring: { arn: pulumi.Output<string>; ready: pulumi.Resource };
    /** Random, stable: a final snapshot's name is never used twice. */
    readonly suffix: pulumi.Output<string>;
    readonly tags: Record<string, string>;
    /** The administrator's password where this member writes. */
    readonly masterPassword?: pulumi.Output<string>;
    /** What must stand before: a secondary joins a primary that has instances. */
    readonly after: pulumi.Resource[];
}

export interface Member {
    readonly cluster: rds.Cluster;
    readonly instances: rds.ClusterInstance[];
    /** Key of its data. */
    readonly keyArn: pulumi.Output<string>;
}

/**
 * What AWS changes on its own: who is the writer and who follows whom moves with a switchover; a version changes through the
 * global cluster. Login and name of the database are the writer's at creation: they must not replace a member that becomes it.
 */
const OWNED_BY_AWS = [
    "engineVersion",
    "globalClusterIdentifier",
    "replicationSourceIdentifier",
    "databaseName",
    "masterUsername",
];

/** What to do when it is lost, on the resource itself: whoever meets it in an outage may know nothing else. */
const RUNBOOK = "docs/runbooks/database-promotion.md";

/** A region's cluster with its instances, alike whether it writes or follows, so that roles can be exchanged. */
export function createMember(name: string, parent: pulumi.Resource, args: MemberArgs): Member {
    const { region, place, options, identifier, tags, masterPassword } = args;
    const { protect } = options;
    const of = { region, tags: { ...tags, Name: name } };
    const own = { parent };
    const key = rotatingKey(
        `${name}-key`,
        {
            ...of,
            description: `Data of the database in ${region} at rest`,
        },
        { parent, protect },
    );
    const logs = encryptedLogGroup(`${name}-log`, parent, {
        region,
        // Aurora writes there, and would make one that never expires.
        logGroupName: `/aws/rds/cluster/${identifier}/postgresql`,
        what: `the database's log in ${region}`,
        retentionInDays: DATABASE_DEFAULTS.logDays,
        protect,
        tags,
    });
    const subnets = new rds.SubnetGroup(
        `${name}-subnets`,
        { ...of, subnetIds: place.isolatedSubnetIds, description: `Isolated subnets of ${name}` },
        own,
    );
    const parameters = new rds.ClusterParameterGroup(
        `${name}-parameters`,
        {
            ...of,
            family: parameterGroupFamily(options.engineVersion),
            // Says nothing that may change: a new description would be a new group.
            description: "LogCaster",
            parameters: [
                { name: "rds.force_ssl", value: "1" },
                {
                    name: "log_min_duration_statement",
                    value: String(DATABASE_DEFAULTS.slowStatementMs),
                },
            ],
        },
        own,
    );
    const follows = masterPassword === undefined;
    const cluster = new rds.Cluster(
        name,
        {
            ...of,
            clusterIdentifier: identifier,
            globalClusterIdentifier: args.globalClusterId,
            engine: ENGINE,
            engineVersion: options.engineVersion,
            ...(follows
                ? { enableGlobalWriteForwarding: options.writeForwarding || undefined }
                : {
                      databaseName: options.databaseName,
                      masterUsername: DATABASE_DEFAULTS.masterUsername,
                      masterPassword,
                  }),
            port: DATABASE_PORT,
            dbSubnetGroupName: subnets.name,
            dbClusterParameterGroupName: parameters.name,
            vpcSecurityGroupIds: [closeGroup(name, parent, region, place, of.tags).id],
            storageEncrypted: true,
            kmsKeyId: key.arn,
            iamDatabaseAuthenticationEnabled: true,
            backupRetentionPeriod: options.backupDays,
            preferredBackupWindow: DATABASE_DEFAULTS.backupWindow,
            preferredMaintenanceWindow: DATABASE_DEFAULTS.maintenanceWindow,
            copyTagsToSnapshot: true,
            enabledCloudwatchLogsExports: ["postgresql"],
            deletionProtection: protect,
            skipFinalSnapshot: false,
            finalSnapshotIdentifier: pulumi.interpolate`${identifier}-${args.suffix}-final`,
            applyImmediately: true,
            tags: { ...of.tags, "logcaster:runbook": RUNBOOK },
        },
        {
            parent,
            protect,
            dependsOn: [logs, ...args.after],
            ignoreChanges: OWNED_BY_AWS,
            additionalSecretOutputs: ["masterPassword"],
        },
    );
    const instances = Array.from(
        { length: options.instances },
        (_, i) =>
            new rds.ClusterInstance(
                `${name}-${i + 1}`,
                {
                    ...of,
                    identifier: `${identifier}-${i + 1}`,
                    clusterIdentifier: cluster.id,
                    engine: ENGINE,
                    instanceClass: options.instanceClass,
                    dbSubnetGroupName: subnets.name,
                    publiclyAccessible: false,
                    monitoringInterval: DATABASE_DEFAULTS.monitoringSeconds,
                    monitoringRoleArn: args.monitoring.arn,
                    // Of no effect in a global database; said so that nobody counts on it.
                    autoMinorVersionUpgrade: false,
                    copyTagsToSnapshot: true,
                    applyImmediately: true,
                },
                { parent, dependsOn: args.monitoring.ready },
            ),
    );
    return { cluster, instances, keyArn: key.arn };
}

/** Lets AWS add readers to the writer's cluster, and remove those that it added. */
export function followReaders(
    name: string,
    parent: pulumi.Resource,
    region: string,
    { cluster, instances }: Member,
    { max, targetCpuPercent }: DatabaseReadersArgs,
    tags: Record<string, string>,
): void {
    const target = new appautoscaling.Target(
        `${name}-readers`,
        {
            region,
            serviceNamespace: "rds",
            resourceId: pulumi.interpolate`cluster:${cluster.id}`,
            scalableDimension: "rds:cluster:ReadReplicaCount",
            minCapacity: instances.length - 1,
            maxCapacity: max,
            tags: { ...tags, Name: `${name}-readers` },
        },
        { parent, dependsOn: instances },
    );
    trackTarget(`${name}-readers-cpu`, parent, target, {
        region,
        metric: "RDSReaderAverageCPUUtilization",
        targetValue: targetCpuPercent,
        cooldowns: DATABASE_DEFAULTS,
    });
}
