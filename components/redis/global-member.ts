import * as elasticache from "@pulumi/aws/elasticache";
import * as pulumi from "@pulumi/pulumi";
import { rotatingKey } from "../rotating-key";
import { createCredentials, type Credentials } from "./credentials";
import { REDIS_DEFAULTS, REDIS_PORT } from "./defaults";
import type { RedisGlobalRegionArgs } from "./global-args";
import type { GlobalOptions } from "./global-validate";
import { deliverLogs } from "./logs";
import { closeNetwork } from "./network";

export interface GlobalMember {
    readonly group: elasticache.ReplicationGroup;
    readonly credentials: Credentials;
}

/**
 * What belongs to the datastore and not to a member: AWS gives a secondary the engine, nodes, shards and parameters of its
 * primary, renames the parameter group of both when they join, and moves the roles with a promotion.
 */
const OWNED_BY_DATASTORE = [
    "atRestEncryptionEnabled",
    "clusterMode",
    "durability",
    "engine",
    "engineVersion",
    "globalReplicationGroupId",
    "nodeType",
    "numNodeGroups",
    "parameterGroupName",
    "transitEncryptionEnabled",
    "transitEncryptionMode",
];

/** What to do when it is lost, on the resource itself. */
const RUNBOOK = "docs/runbooks/redis-failover.md";

/** A region's member: the primary, which brings what all share, or one that joins `globalId` and is given it. */
export function createGlobalMember(
    name: string,
    parent: pulumi.Resource,
    region: string,
    place: RedisGlobalRegionArgs,
    options: GlobalOptions,
    globalId?: pulumi.Output<string>,
): GlobalMember {
    const { protect, copies } = options;
    const tags = {
        Name: name,
        "logcaster:component": "redis",
        "logcaster:redis-role": "store",
        "logcaster:runbook": RUNBOOK,
    };
    const network = closeNetwork(
        name,
        parent,
        {
            region,
            vpcId: place.vpcId,
            subnetIds: place.isolatedSubnetIds,
            clientSecurityGroupIds: { fleet: place.fleetSecurityGroupId },
        },
        tags,
    );
    const { credentialGeneration, engine } = options;
    const credentials = createCredentials(
        name,
        parent,
        { region, role: "shared", credentialGeneration },
        engine,
        tags,
    );
    const key = rotatingKey(
        `${name}-key`,
        {
            region,
            description: `Data of ${name} at rest`,
            tags,
        },
        { parent, protect },
    );
    // Of the primary at creation; made everywhere, so that a promotion takes none away that is in use.
    const parameters = new elasticache.ParameterGroup(
        `${name}-parameters`,
        {
            region,
            family: options.family,
            description: "LogCaster shared",
            parameters: [
                { name: "cluster-enabled", value: "yes" },
                { name: "maxmemory-policy", value: options.eviction },
            ],
            tags,
        },
        { parent },
    );
    const group = new elasticache.ReplicationGroup(
        name,
        {
            region,
            description: "LogCaster shared",
            ...(globalId === undefined
                ? leading(options, parameters.name)
                : { globalReplicationGroupId: globalId }),
            replicasPerNodeGroup: copies - 1,
            automaticFailoverEnabled: true,
            multiAzEnabled: true,
            port: REDIS_PORT,
            subnetGroupName: network.subnetGroupName,
            securityGroupIds: [network.securityGroupId],
            userGroupIds: [credentials.userGroupId],
            kmsKeyId: key.arn,
            snapshotRetentionLimit: options.snapshotDays,
            snapshotWindow: REDIS_DEFAULTS.snapshotWindow,
            finalSnapshotIdentifier: pulumi.interpolate`lc-shared-${credentials.suffix}-final`,
            maintenanceWindow: REDIS_DEFAULTS.maintenanceWindow,
            autoMinorVersionUpgrade: true,
            applyImmediately: true,
            logDeliveryConfigurations: deliverLogs(name, parent, { region, protect }, tags),
            tags,
        },
        { parent, protect, ignoreChanges: OWNED_BY_DATASTORE },
    );
    return { group, credentials };
}

/** What the primary brings into the datastore. */
function leading(
    options: GlobalOptions,
    parameterGroupName: pulumi.Output<string>,
): Partial<elasticache.ReplicationGroupArgs> {
    return {
        engine: options.engine,
        engineVersion: options.engineVersion,
        nodeType: options.nodeType,
        numNodeGroups: options.shards,
        clusterMode: "enabled",
        parameterGroupName,
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        // A write waits for no log where it is copied to other regions: AWS has either.
        durability: options.durability,
    };
}
