import * as assert from "node:assert/strict";
import { parseRuntimeConfig } from "logcaster-model/runtime-config";
import type { DatabaseConnection } from "logcaster-scaling/database";
import { RedisRole, RedisShardCluster } from "logcaster-scaling/redis";
import { RegionRole, RuntimeConfig } from "logcaster-scaling/runtime-config";
import { DATABASE } from "../region/fixture";
import { record } from "../recorder";

const STANDARD_PARAMETER_BYTES = 4096;

/** Two clusters as Region makes them, and the configuration that names them. */
const create = (credentialGeneration = 1, database?: DatabaseConnection) =>
    record(() => {
        const cluster = (role: RedisRole, copies: number) =>
            new RedisShardCluster(`eu-west-1-${role}`, {
                region: "eu-west-1",
                role,
                copies,
                vpcId: "vpc-1",
                subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
                zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
                nodeType: "cache.r7g.large",
                shards: 4,
                snapshotDays: 7,
                credentialGeneration,
                protect: true,
            });
        return new RuntimeConfig("eu-west-1", {
            region: "eu-west-1",
            environment: "prod",
            regionRole: RegionRole.Secondary,
            store: cluster(RedisRole.Store, 3),
            cache: cluster(RedisRole.Cache, 2),
            database,
        });
    });
const parameterOf = (recording: Awaited<ReturnType<typeof create>>) =>
    recording.one("aws:ssm/parameter:Parameter");

describe("RuntimeConfig", () => {
    it("writes one plain parameter with every value of the components that make them", async () => {
        const { inputs, secretInputs } = parameterOf(await create(1, DATABASE));
        const { insecureValue, ...rest } = inputs;
        assert.deepEqual(rest, {
            region: "eu-west-1",
            name: "/logcaster/prod/eu-west-1/runtime",
            description: "What LogCaster's instances read at boot (docs/runtime-config.md)",
            type: "String",
            tags: { Name: "eu-west-1", "logcaster:component": "runtime-config" },
        });
        assert.deepEqual(secretInputs, []);
        const host = (role: string) => `eu-west-1-${role}.clustercfg.eu-west-1.cache.amazonaws.com`;
        const redis = (role: string) => ({
            endpoint: host(role),
            port: 6379,
            tls: true,
            secret: `redis-${role}-a`,
            partitionScheme: {
                partitions: 128,
                slotsPerPartition: 128,
                mapFrom: "CLUSTER SHARDS at the configuration endpoint",
            },
        });
        const arn = (name: string) =>
            `arn:aws:secretsmanager:eu-west-1:123456789012:secret/eu-west-1-${name}-secret`;
        assert.deepEqual(parseRuntimeConfig(String(insecureValue)), {
            version: 1,
            environment: "prod",
            region: "eu-west-1",
            regionRole: "secondary",
            redis: { store: redis("store"), cache: redis("cache") },
            database: { ...DATABASE, tls: true, authentication: "iam" },
            secrets: {
                "redis-store-a": arn("store-a"),
                "redis-store-b": arn("store-b"),
                "redis-cache-a": arn("cache-a"),
                "redis-cache-b": arn("cache-b"),
            },
        });
    });

    it("registers exactly what an instance may read", async () => {
        const recording = await create();
        const component = recording.one("logcaster-scaling:index:RuntimeConfig");
        const secretArns = ["store-a", "store-b", "cache-a", "cache-b"].map(
            (user) =>
                `arn:aws:secretsmanager:eu-west-1:123456789012:secret/eu-west-1-${user}-secret`,
        );
        const { document, ...outputs } = component.registeredOutputs as { document: string };
        // What the parameter holds, so that pods read the same.
        assert.equal(document, parameterOf(recording).inputs.insecureValue);
        assert.deepEqual(outputs, {
            parameterPath: "/logcaster/prod/eu-west-1",
            parameterArns: ["arn:aws:ssm:eu-west-1:123456789012:parameter/eu-west-1-runtime"],
            secretArns,
        });
        assert.equal(parameterOf(recording).parent, component.urn);
    });

    it("names the user that a rotation has made active", async () => {
        const active = async (generation: number) => {
            const { redis } = parseRuntimeConfig(
                String(parameterOf(await create(generation)).inputs.insecureValue),
            );
            return [redis.store.secret, redis.cache.secret];
        };
        assert.deepEqual(await active(1), ["redis-store-a", "redis-cache-a"]);
        assert.deepEqual(await active(2), ["redis-store-b", "redis-cache-b"]);
    });

    it("is written only after every secret it names has a value", async () => {
        const recording = await create();
        const dependencies = parameterOf(recording).opts.dependencies;
        for (const { urn } of recording.of("aws:secretsmanager/secretVersion:SecretVersion")) {
            assert.ok(dependencies.includes(urn), urn);
        }
    });

    it("holds no password and fits a standard parameter", async () => {
        const text = String(parameterOf(await create()).inputs.insecureValue);
        assert.ok(!text.includes("password"), text);
        assert.ok(Buffer.byteLength(text) < STANDARD_PARAMETER_BYTES / 2, text);
    });
});
