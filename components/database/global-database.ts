import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { given } from "../given";
import { alarmPlace } from "../monitoring/alarm";
import { refuse } from "../problems";
import { allowLogin, keepMaster, monitoringRole } from "./access";
import { watchLag } from "./alarms";
import type { DatabaseConnection, GlobalDatabaseArgs } from "./args";
import { DATABASE_DEFAULTS, DATABASE_PORT, ENGINE, SERVICE_USER } from "./defaults";
import { createMember, followReaders, type DatabaseOptions, type Member } from "./member";
import { databaseProblems } from "./validate";

/**
 * One PostgreSQL database for all regions: an Aurora global database with a writer in the primary region and readers in
 * every region, encrypted by a key of each, logged in to with IAM tokens. Every member is made alike but for what only the
 * writer has at creation: after a switchover, name the new writer's region as `primaryRegion` and nothing is replaced.
 *
 * The master password is a secret of Secrets Manager in every region, made by the program: AWS manages none itself for a
 * member of a global database. An upgrade of the engine goes through the global cluster, AWS's way to keep members in step.
 *
 * **Cost** an hour: regions x instances x the class's price; storage, I/O and replicated writes are billed by use beside it;
 * a month 1 USD a key, of which there are two a region, and 0.40 a secret.
 * **Limits**: five secondary regions; 15 readers a region; AWS scales readers in the writer's region alone.
 */
export class GlobalDatabase extends pulumi.ComponentResource {
    /** Name of the global cluster: what a switchover names. */
    readonly globalClusterIdentifier: pulumi.Output<string>;
    /** How a region's instances connect, by region; known once its instances are there. */
    readonly connections: pulumi.Output<{ [region: string]: DatabaseConnection }>;
    /** Clusters by region: what a backup names. */
    readonly clusterArns: pulumi.Output<{ [region: string]: string }>;
    /** Keys by region: what may read a backup. */
    readonly keyArns: pulumi.Output<{ [region: string]: string }>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: GlobalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:GlobalDatabase", name, {}, opts);
        refuse(this, name, databaseProblems(args));
        const options = withDefaults(args);
        const { environment, primaryRegion, regions, protect } = options;
        const tags = { "logcaster:component": "database" };
        const global = new rds.GlobalCluster(
            `${name}-global`,
            {
                region: primaryRegion,
                globalClusterIdentifier: `logcaster-${environment}`,
                engine: ENGINE,
                engineVersion: options.engineVersion,
                databaseName: options.databaseName,
                storageEncrypted: true,
                deletionProtection: protect,
                tags: { ...tags, Name: `${name}-global` },
            },
            // It belongs to no region: the one it was made through stays when another becomes the writer's.
            { parent: this, protect, ignoreChanges: ["region"] },
        );
        const password = new random.RandomPassword(
            `${name}-master-password`,
            {
                length: DATABASE_DEFAULTS.passwordLength,
                special: false,
                keepers: { version: String(options.credentialGeneration) },
            },
            { parent: this },
        ).result;
        const { hex: suffix } = new random.RandomId(
            `${name}-suffix`,
            { byteLength: DATABASE_DEFAULTS.suffixBytes },
            { parent: this },
        );
        const monitoring = monitoringRole(name, this, primaryRegion, {
            ...tags,
            Name: `${name}-monitoring`,
        });
        const member = (
            region: string,
            after: pulumi.Resource[],
            masterPassword?: typeof password,
        ) =>
            createMember(`${name}-${region}`, this, {
                region,
                place: regions[region]!,
                options,
                identifier: `logcaster-${environment}-${region}`,
                globalClusterId: global.id,
                monitoring,
                suffix,
                tags,
                masterPassword,
                after,
            });
        const primary = member(primaryRegion, [], password);
        const others = Object.keys(regions).filter((region) => region !== primaryRegion);
        const members = new Map<string, Member>([
            [primaryRegion, primary],
            // AWS lets a secondary join a primary that has an instance, and deletes it before: the order runs backwards then.
            ...others.map((region) => [region, member(region, primary.instances)] as const),
        ]);
        if (args.readers?.enabled) {
            const at = `${name}-${primaryRegion}`;
            followReaders(at, this, primaryRegion, primary, args.readers, tags);
        }
        // In the order of the settings, which a switchover leaves as it is.
        const clusters = Object.keys(regions).map((region) => members.get(region)!.cluster);
        for (const [region, { fleetRoleName }] of Object.entries(regions)) {
            const at = `${name}-${region}`;
            keepMaster(at, this, region, password, { ...tags, Name: `${at}-master-secret` });
            allowLogin(at, this, fleetRoleName, clusters);
        }
        for (const region of others) watch(name, this, region, options, members.get(region)!);

        this.globalClusterIdentifier = global.id;
        this.connections = pulumi.all(
            Object.fromEntries(
                [...members].map(([region, each]) => [
                    region,
                    connection(global, primary, each, options, region),
                ]),
            ),
        );
        this.clusterArns = pulumi.all(
            Object.fromEntries([...members].map(([region, { cluster }]) => [region, cluster.arn])),
        );
        this.keyArns = pulumi.all(
            Object.fromEntries([...members].map(([region, { keyArn }]) => [region, keyArn])),
        );
        this.registerOutputs({
            globalClusterIdentifier: this.globalClusterIdentifier,
            connections: this.connections,
            clusterArns: this.clusterArns,
            keyArns: this.keyArns,
        });
    }
}

function withDefaults(args: GlobalDatabaseArgs): DatabaseOptions {
    return { ...DATABASE_DEFAULTS, ...given(args) };
}

/** The alarms of a secondary, in its own region: an alarm acts on topics of its region alone. */
function watch(
    name: string,
    parent: pulumi.Resource,
    region: string,
    options: DatabaseOptions,
    { cluster, instances }: Member,
): void {
    const topics = options.regions[region]!;
    const place = alarmPlace(`${name}-${region}`, parent, region, options, topics);
    // Before its instances are there a secondary says nothing, which alarms.
    const ready = pulumi.all([cluster.id, ...instances.map(({ id }) => id)]).apply(([id]) => id!);
    watchLag(place, ready, options.primaryRegion, options.maxLagMs);
}

/** Endpoints that answer: those of clusters with instances. */
function connection(
    global: rds.GlobalCluster,
    primary: Member,
    { cluster, instances }: Member,
    { databaseName, primaryRegion, writeForwarding }: DatabaseOptions,
    region: string,
): pulumi.Output<DatabaseConnection> {
    const ready = [...primary.instances, ...instances].map(({ id }) => id);
    return pulumi
        .all([global.endpoint, cluster.readerEndpoint, ...ready])
        .apply(([writerEndpoint, readerEndpoint]) => ({
            name: databaseName,
            port: DATABASE_PORT,
            user: SERVICE_USER,
            writerEndpoint: writerEndpoint!,
            readerEndpoint: readerEndpoint!,
            writeForwarding: writeForwarding && region !== primaryRegion,
        }));
}
