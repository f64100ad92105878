import * as assert from "node:assert/strict";
import {
    parseRuntimeConfig,
    runtimeConfig,
    runtimeConfigText,
    type RedisSource,
} from "logcaster-model/runtime-config";

const redis = (endpoint: string, activeUser: string): RedisSource => ({
    endpoint,
    port: 6379,
    credentialSecretArns: [`arn:${endpoint}-a`, `arn:${endpoint}-b`],
    activeUser,
    partitionScheme: { partitions: 128, slotsPerPartition: 128, mapFrom: "CLUSTER SHARDS" },
});
const document = runtimeConfig({
    environment: "prod",
    region: "eu-west-1",
    regionRole: "primary",
    store: redis("s", "b"),
    cache: redis("c", "a"),
});

describe("the runtime document", () => {
    it("is read back as it was written", () => {
        assert.deepEqual(parseRuntimeConfig(runtimeConfigText(document)), document);
    });

    it("names each user's secret and the one to log in with", () => {
        assert.deepEqual(document.secrets, {
            "redis-store-a": "arn:s-a",
            "redis-store-b": "arn:s-b",
            "redis-cache-a": "arn:c-a",
            "redis-cache-b": "arn:c-b",
        });
        assert.deepEqual(
            [document.redis.store.secret, document.redis.cache.secret],
            ["redis-store-b", "redis-cache-a"],
        );
    });

    it("has shared Redis only where there is some, with its logins and whether it takes writes", () => {
        assert.ok(!("shared" in document.redis));
        const { redis: clusters, secrets } = runtimeConfig({
            environment: "prod",
            region: "eu-west-1",
            regionRole: "secondary",
            store: redis("s", "a"),
            cache: redis("c", "a"),
            shared: { ...redis("g", "b"), writable: false },
        });
        assert.deepEqual(
            [clusters.shared?.endpoint, clusters.shared?.secret, clusters.shared?.writable],
            ["g", "redis-shared-b", false],
        );
        assert.deepEqual(
            [secrets["redis-shared-a"], secrets["redis-shared-b"]],
            ["arn:g-a", "arn:g-b"],
        );
    });

    it("has a database only where there is one", () => {
        assert.ok(!("database" in document));
    });

    const broken: [string, unknown][] = [
        ["another version", { ...document, version: 2 }],
        ["an unknown field", { ...document, more: 1 }],
        ["a secret that is not listed", { ...document, secrets: {} }],
        [
            "a secret of shared Redis that is not listed",
            {
                ...document,
                redis: {
                    ...document.redis,
                    shared: { ...document.redis.store, secret: "redis-shared-a", writable: true },
                },
            },
        ],
        [
            "a secret's name that leaves the directory",
            { ...document, secrets: { ...document.secrets, "../x": "arn:x" } },
        ],
        [
            "a secret in place of its ARN",
            { ...document, secrets: { ...document.secrets, x: "hunter2" } },
        ],
        ["no region", { ...document, region: "" }],
    ];
    for (const [what, value] of broken) {
        it(`is refused with ${what}`, () => {
            assert.throws(() => parseRuntimeConfig(JSON.stringify(value)), { name: "ZodError" });
        });
    }
});
