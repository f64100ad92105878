/** Settings of what spans regions. */
import { z } from "zod";
import { DATABASE_NAME, ENGINE_VERSION, INSTANCE_CLASS } from "../database";
import { GLOBAL_NODE_TYPE } from "../redis-engines";
import { EDGE_PATH, EDGE_PATHS } from "../limits";
import { awsText, choice, flag, int, REGION, requiredInt, text } from "./fields";

export const databaseSchema = z.strictObject({
    name: text(
        DATABASE_NAME,
        "1 to 63 lower-case letters, digits and underscores, a letter first",
        "Name of the first database; fixed at creation.",
    ).default("logcaster"),
    engineVersion: awsText(
        ENGINE_VERSION,
        "aurora.engineVersion",
        "Version of Aurora PostgreSQL; an upgrade goes through the global cluster.",
    ).default("16.6"),
    instanceClass: awsText(
        INSTANCE_CLASS,
        "aurora.globalInstanceClass",
        "Class of every instance.",
    ).default("db.r7g.large"),
    instances: int("database.instances", "Instances of each region."),
    backupDays: int("database.backupDays", "Days that each region's own backups go back."),
    writeForwarding: flag(
        false,
        "Let the other regions' readers take writes and forward them to the writer.",
    ),
    maxLagMs: int(
        "database.maxLagMs",
        "Replication lag of a region above which somebody is told; ten times as much wakes somebody.",
    ),
    readers: z
        .strictObject({
            enabled: flag(false, "Let AWS add and remove readers in the writer's region."),
            max: int("database.readers.max", "Largest number of readers there."),
            targetCpuPercent: int(
                "database.readers.targetCpuPercent",
                "Average CPU of readers that auto scaling tracks.",
            ),
        })
        .prefault({})
        .meta({ description: "Auto scaling of readers; AWS has none for other regions." }),
    credentialGeneration: int(
        "database.credentialGeneration",
        "Raise by one for a new master password (docs/global-data.md).",
    ),
});

export const recoverySchema = z.strictObject({
    copyRegion: text(
        REGION,
        "a region's name, such as eu-west-1",
        "Region that holds a copy of every backup; not the primary.",
    ),
    keepDays: int("recovery.keepDays", "Days that a backup is kept in the primary region."),
    copyDays: int("recovery.copyDays", "Days that its copy is kept in the other region."),
    lock: choice(
        ["none", "governance"],
        "Whether backups can be deleted before their time: by whoever IAM lets, or only after somebody who may has unlocked the vault.",
    ).default("none"),
});

export const edgeSchema = z.strictObject({
    certificateArn: text(
        /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:.+$/,
        "the ARN of a certificate, arn:aws:acm:us-east-1:<account>:certificate/<id>",
        "Certificate for dns.edgeHost, in us-east-1.",
    ),
    defaultSeconds: int(
        "edge.defaultSeconds",
        "Time that an answer is kept where neither the origin nor a path says otherwise; also the longest.",
    ),
    paths: z
        .array(
            z.strictObject({
                path: awsText(EDGE_PATH, "cloudfront.path", "Path, with * for any text."),
                seconds: requiredInt(
                    "edge.paths.seconds",
                    "Time that its answers are kept; 0 keeps none.",
                ),
            }),
        )
        .default(EDGE_PATHS.map((each) => ({ ...each })))
        .meta({ description: "Paths with a time of their own; the first that matches counts." }),
    webAcl: flag(true, "Filter requests by AWS's managed rules and by their rate."),
    requestsPerFiveMinutes: int(
        "edge.requestsPerFiveMinutes",
        "Requests of one address above which it is refused, with webAcl.",
    ),
    places: choice(
        ["PriceClass_All", "PriceClass_200", "PriceClass_100"],
        "Where the edge is: everywhere, without South America and Oceania, or North America and Europe.",
    ).default("PriceClass_All"),
    logDays: int("edge.logDays", "Days that access logs are kept."),
});

export const redisGlobalSchema = z.strictObject({
    secondaryRegions: z
        .array(z.string({ error: "a region of logcaster:regions" }))
        .optional()
        .meta({
            description:
                "Regions that hold a copy, beside the primary; absent, all others. At most two.",
        }),
    engine: choice(["valkey", "redis"], "Engine.").default("valkey"),
    engineVersion: text(
        /^\d+\.\d+$/,
        "a version such as 8.2",
        "Version of the engine at creation; an upgrade goes through the datastore.",
    ).optional(),
    nodeType: awsText(
        GLOBAL_NODE_TYPE,
        "elasticache.globalNodeType",
        "Node type of every member.",
    ).default("cache.r7g.large"),
    shards: int("redis.global.shards", "Shards of every member."),
    copies: int("redis.global.copies", "Copies of every key in each region, the primary included."),
    eviction: choice(["noeviction", "volatile-ttl"], "What happens when memory is full.").default(
        "noeviction",
    ),
    snapshotDays: int("redis.global.snapshotDays", "Days that each member's backups are kept."),
    maxLagMs: int(
        "redis.global.maxLagMs",
        "Lag of a region above which somebody is told; ten times as much wakes somebody.",
    ),
    credentialGeneration: int(
        "redis.role.credentialGeneration",
        "Raise by one to rotate the passwords without an outage (docs/redis.md).",
    ),
});
