import type * as pulumi from "@pulumi/pulumi";

/** What a region gives its member of the database; the outputs of Region. */
export interface DatabaseRegionArgs {
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Subnets without a way out, of at least two zones. */
    isolatedSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Security group of the instances that connect. */
    fleetSecurityGroupId: pulumi.Input<string>;
    /** Role of the instances that connect. */
    fleetRoleName: pulumi.Input<string>;
    /** Topic for what can wait. */
    notifyOpsTopicArn: pulumi.Input<string>;
    /** Topic that wakes somebody. */
    pageOncallTopicArn: pulumi.Input<string>;
    /** Topic of whoever plans capacity. */
    capacityPlanningTopicArn: pulumi.Input<string>;
}

/** Auto scaling of the primary's readers. */
export interface DatabaseReadersArgs {
    /** Let AWS add and remove readers in the writer's region. */
    enabled: boolean;
    /** Largest number of readers there, 1 to 15; the smallest is `instances` less the writer. */
    max: number;
    /** Average CPU of the readers that is tracked, in percent. */
    targetCpuPercent: number;
}

/** Arguments of GlobalDatabase. */
export interface GlobalDatabaseArgs {
    /** Name of the environment, in identifiers and in names of alarms. */
    environment: string;
    /** Region that writes; one of `regions`. */
    primaryRegion: string;
    /** Every region of the database, the primary among them; at most five others. */
    regions: { [region: string]: DatabaseRegionArgs };
    /** Name of the first database. @default logcaster */
    databaseName?: string;
    /** Version at creation, 16.x or 17.x of Aurora PostgreSQL; upgrades go through the global cluster. @default 16.6 */
    engineVersion?: string;
    /** Class of every instance, db.r5 or newer; changes with a short failover. @default db.r7g.large */
    instanceClass?: string;
    /** Instances of each region, 2 to 16, each in a zone of its own while there are enough. @default 2 */
    instances?: number;
    /** Days that a region's own backups go back, 3 to 35. @default 7 */
    backupDays?: number;
    /** Let secondaries take writes and forward them to the writer. @default false */
    writeForwarding?: boolean;
    /** Auto scaling of the readers in the writer's region; AWS has none for secondaries. @default off */
    readers?: DatabaseReadersArgs;
    /** Replication lag of a secondary above which somebody is told, in ms. Brief 7.1. @default 1000 */
    maxLagMs?: number;
    /** Raise by one for a new master password; nobody but an administrator uses it. @default 1 */
    credentialGeneration?: number;
    /** Where the runbooks are read, without the last slash. @default docs/runbooks, in the repository */
    runbooksUrl?: string;
    /** Protect clusters, keys and logs from deletion, by Pulumi and by AWS. */
    protect: boolean;
}

/** How the instances of a region reach the database. */
export interface DatabaseConnection {
    /** Name of the database. */
    name: string;
    /** Port of every endpoint. */
    port: number;
    /** User that logs in with an IAM token of 15 minutes instead of a password. */
    user: string;
    /** The writer, wherever it is: AWS moves this name with a switchover. */
    writerEndpoint: string;
    /** The nearest readers: those of the region. */
    readerEndpoint: string;
    /** Whether the region's readers take writes and forward them. */
    writeForwarding: boolean;
}
