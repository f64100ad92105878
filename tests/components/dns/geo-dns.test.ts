import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Place, type RecordSet, resolve } from "logcaster-model/recovery";
import { GeoDns, type GeoDnsArgs, RoutingMode } from "logcaster-scaling/dns";
import { dependsOn, orphans } from "../placed";
import { type Recorded, type Recording, record } from "../recorder";

const REGIONS = ["us-east-1", "eu-west-1", "ap-northeast-1"];
const endpoint = (region: string) => ({
    nlbDnsName: `nlb.${region}.amazonaws.com`,
    nlbZoneId: `Z-NLB-${region}`,
    albDnsName: `alb.${region}.amazonaws.com`,
    albZoneId: `Z-ALB-${region}`,
});
const ARGS: GeoDnsArgs = {
    zoneName: "example.com",
    zoneId: "Z0GIVEN",
    host: "logs.example.com",
    httpHost: "http.logs.example.com",
    https: true,
    areas: [
        { area: "*", region: "us-east-1" },
        { area: "continent:NA", region: "us-east-1" },
        { area: "country:US/CA", region: "ap-northeast-1" },
        { area: "continent:EU", region: "eu-west-1" },
        { area: "continent:AS", region: "ap-northeast-1" },
        { area: "country:GB", region: "eu-west-1" },
    ],
    endpoints: Object.fromEntries(REGIONS.map((region) => [region, endpoint(region)])),
};
/** Who asks from each area, and the region it should be sent to. */
const ASKING: [string, Place, string][] = [
    ["*", {}, "us-east-1"],
    ["*", { continent: "AF", country: "KE" }, "us-east-1"],
    ["continent:NA", { continent: "NA", country: "MX" }, "us-east-1"],
    ["country:US/CA", { continent: "NA", country: "US", subdivision: "CA" }, "ap-northeast-1"],
    ["continent:EU", { continent: "EU", country: "DE" }, "eu-west-1"],
    ["continent:AS", { continent: "AS", country: "KR" }, "ap-northeast-1"],
    ["country:GB", { continent: "EU", country: "GB" }, "eu-west-1"],
];
const HOSTS = [
    { host: ARGS.host, balancer: (region: string) => endpoint(region).nlbDnsName, check: "tcp" },
    {
        host: ARGS.httpHost,
        balancer: (region: string) => endpoint(region).albDnsName,
        check: "http",
    },
] as const;
const create = (args: Partial<GeoDnsArgs> = {}) =>
    record(() => new GeoDns("dns", { ...ARGS, ...args }));
let made: ReturnType<typeof create> | undefined;
/** The graph of the arguments as they are, recorded once: no test changes it. */
const plain = () => (made ??= create());

/** The record sets that were registered. */
const recordSets = (resources: readonly Recorded[]) =>
    resources.filter((r) => r.type === T.record).map((r) => r.inputs as unknown as RecordSet);

const T = {
    record: "aws:route53/record:Record",
    check: "aws:route53/healthCheck:HealthCheck",
    zone: "aws:route53/zone:Zone",
    signing: "aws:route53/keySigningKey:KeySigningKey",
    dnssec: "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
    queryLog: "aws:route53/queryLog:QueryLog",
    logGroup: "aws:cloudwatch/logGroup:LogGroup",
    logPolicy: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    key: "aws:kms/key:Key",
    keyPolicy: "aws:kms/keyPolicy:KeyPolicy",
} as const;

/** The two ways a region goes: its health check fails, or its load balancer has a target group without a healthy target. */
const WAYS = ["check", "targets"] as const;

function answer(
    records: readonly RecordSet[],
    { host, balancer, check }: (typeof HOSTS)[number],
    place: Place,
    lost: readonly string[],
    way: (typeof WAYS)[number],
    byLatency: readonly string[] = REGIONS,
): string | undefined {
    return resolve(
        {
            records,
            failing: new Set(way === "check" ? lost.map((r) => `dns-${check}-${r}-id`) : []),
            empty: new Set(way === "targets" ? lost.map(balancer) : []),
            byLatency,
        },
        host,
        place,
    );
}

/** Every set of regions, none and all of them too. */
const subsets = (of: readonly string[]): string[][] =>
    of.reduce<string[][]>((sets, r) => [...sets, ...sets.map((s) => [...s, r])], [[]]);

describe("GeoDns", () => {
    it("sends every area, the default too, to its own region while that is healthy", async () => {
        const records = recordSets((await plain()).resources);
        for (const host of HOSTS) {
            for (const [area, place, region] of ASKING) {
                assert.equal(
                    answer(records, host, place, [], "check"),
                    host.balancer(region),
                    `${host.host} from ${area}`,
                );
            }
        }
    });

    it("sends every area to the nearest healthy region while its own is lost, whichever regions are lost and however", async () => {
        const records = recordSets((await plain()).resources);
        let asked = 0;
        for (const lost of subsets(REGIONS).filter((s) => s.length < REGIONS.length)) {
            for (const [area, place, home] of ASKING) {
                for (const way of WAYS) {
                    for (const host of HOSTS) {
                        const nearest = REGIONS.find((r) => !lost.includes(r))!;
                        const expected = lost.includes(home) ? nearest : home;
                        assert.equal(
                            answer(records, host, place, lost, way),
                            host.balancer(expected),
                            `${host.host} from ${area} without ${lost.join(", ")} by ${way}`,
                        );
                        asked += 1;
                    }
                }
            }
        }
        assert.equal(asked, 7 * ASKING.length * WAYS.length * HOSTS.length);
    });

    it("answers each area with its own region when no region at all is healthy", async () => {
        const records = recordSets((await plain()).resources);
        for (const way of WAYS) {
            for (const host of HOSTS) {
                for (const [area, place, home] of ASKING) {
                    assert.equal(
                        answer(records, host, place, REGIONS, way),
                        host.balancer(home),
                        `${host.host} from ${area} by ${way}`,
                    );
                }
            }
        }
    });

    it("never answers with a lost region while another is healthy, for any latencies and any number of regions", async () => {
        const sizes = [2, 3, 4, 5];
        const regionsOf = (n: number) => Array.from({ length: n }, (_, i) => `eu-test-${i + 1}`);
        const country = (i: number) => `A${"ABCDE"[i]}`;
        const graphs = new Map<number, RecordSet[]>();
        for (const n of sizes) {
            const { resources } = await create({
                endpoints: Object.fromEntries(regionsOf(n).map((r) => [r, endpoint(r)])),
                areas: [
                    { area: "*", region: "eu-test-2" },
                    ...regionsOf(n).map((region, i) => ({ area: `country:${country(i)}`, region })),
                ],
            });
            graphs.set(n, recordSets(resources));
        }
        fc.assert(
            fc.property(
                fc.constantFrom(...sizes).chain((n) =>
                    fc.record({
                        n: fc.constant(n),
                        byLatency: fc.shuffledSubarray(regionsOf(n), { minLength: n }),
                        lost: fc.subarray(regionsOf(n), { maxLength: n - 1 }),
                        from: fc.nat(n - 1),
                        way: fc.constantFrom(...WAYS),
                    }),
                ),
                ({ n, byLatency, lost, from, way }) => {
                    const place = { country: country(from) };
                    const home = regionsOf(n)[from]!;
                    const got = answer(graphs.get(n)!, HOSTS[0], place, lost, way, byLatency);
                    const nearest = byLatency.find((r) => !lost.includes(r))!;
                    assert.equal(got, HOSTS[0].balancer(lost.includes(home) ? nearest : home));
                },
            ),
        );
    });

    it("answers by latency, from the nearest healthy region, in latency mode", async () => {
        const r = await create({ mode: RoutingMode.Latency, areas: [] });
        const records = recordSets(r.resources);
        assert.equal(records.length, REGIONS.length * HOSTS.length);
        const order = ["eu-west-1", "us-east-1", "ap-northeast-1"];
        for (const host of HOSTS) {
            const ask = (lost: string[]) => answer(records, host, {}, lost, "check", order);
            assert.equal(ask([]), host.balancer("eu-west-1"));
            assert.equal(ask(["eu-west-1"]), host.balancer("us-east-1"));
            assert.equal(ask(["eu-west-1", "us-east-1"]), host.balancer("ap-northeast-1"));
        }
    });

    it("needs no tree for one region", async () => {
        const r = await create({
            endpoints: { "us-east-1": endpoint("us-east-1") },
            areas: [{ area: "*", region: "us-east-1" }],
        });
        assert.deepEqual(
            r
                .of(T.record)
                .map((x) => x.name)
                .sort(),
            ["dns-http-area-default", "dns-tcp-area-default"],
        );
        const records = recordSets(r.resources);
        for (const lost of [[], ["us-east-1"]]) {
            assert.equal(
                answer(records, HOSTS[0], {}, lost, "check"),
                endpoint("us-east-1").nlbDnsName,
            );
        }
    });

    it("makes one area record a configured area and host, keyed by the area", async () => {
        const r = await plain();
        const areas = r.of(T.record).filter((x) => x.name.startsWith("dns-tcp-area-"));
        assert.deepEqual(
            Object.fromEntries(
                areas.map(({ name, inputs }) => [name, inputs.geolocationRoutingPolicies]),
            ),
            {
                "dns-tcp-area-default": [{ country: "*" }],
                "dns-tcp-area-continent-NA": [{ continent: "NA" }],
                "dns-tcp-area-country-US-CA": [{ country: "US", subdivision: "CA" }],
                "dns-tcp-area-continent-EU": [{ continent: "EU" }],
                "dns-tcp-area-continent-AS": [{ continent: "AS" }],
                "dns-tcp-area-country-GB": [{ country: "GB" }],
            },
        );
        assert.equal(r.of(T.record).filter((x) => x.name.startsWith("dns-http-area-")).length, 6);
    });

    it("makes every record an alias that evaluates its target, ending in its region's own load balancer and zone", async () => {
        const r = await plain();
        const inTree = new Set(recordSets(r.resources).map((x) => x.name));
        const ends = new Set<string>();
        for (const { inputs, name } of r.of(T.record)) {
            const { aliases, type, zoneId, healthCheckId } = inputs as unknown as RecordSet & {
                zoneId: string;
            };
            assert.deepEqual([type, zoneId], ["A", "Z0GIVEN"], name);
            const [alias, ...more] = aliases ?? [];
            assert.ok(alias && more.length === 0, name);
            assert.equal(alias.evaluateTargetHealth, true, name);
            if (inTree.has(alias.name)) assert.equal(alias.zoneId, "Z0GIVEN");
            else {
                assert.ok(healthCheckId, name);
                ends.add(`${alias.name} ${alias.zoneId}`);
            }
        }
        assert.deepEqual(
            [...ends].sort(),
            REGIONS.flatMap((region) => [
                `alb.${region}.amazonaws.com Z-ALB-${region}`,
                `nlb.${region}.amazonaws.com Z-NLB-${region}`,
            ]).sort(),
        );
    });

    it("creates a record after every record that its alias points to", async () => {
        const { resources } = await plain();
        const named = (name: string) =>
            resources.filter((x) => x.type === T.record && x.inputs.name === name);
        for (const r of resources.filter((x) => x.type === T.record)) {
            const [alias] = (r.inputs as unknown as RecordSet).aliases ?? [];
            for (const target of named(alias?.name ?? "")) {
                assert.ok(r.opts.dependencies.includes(target.urn), `${r.name} -> ${target.name}`);
            }
        }
    });

    it("checks each region's line protocol by TCP and its HTTP by /health", async () => {
        const checks = async (args: Partial<GeoDnsArgs>) =>
            (await create(args))
                .of(T.check)
                .map(({ name, inputs: i }) => [
                    name,
                    i.type,
                    i.fqdn,
                    i.port,
                    i.resourcePath,
                    i.requestInterval,
                    i.failureThreshold,
                ])
                .sort();
        assert.deepEqual(
            await checks({}),
            REGIONS.flatMap((r) => [
                [`dns-http-${r}`, "HTTPS", `alb.${r}.amazonaws.com`, 443, "/health", 10, 3],
                [`dns-tcp-${r}`, "TCP", `nlb.${r}.amazonaws.com`, 9999, undefined, 10, 3],
            ]).sort(),
        );
        const changed = await checks({
            https: false,
            port: 9000,
            healthCheckIntervalSeconds: 30,
            failureThreshold: 2,
        });
        assert.deepEqual(changed[0], [
            "dns-http-ap-northeast-1",
            "HTTP",
            "alb.ap-northeast-1.amazonaws.com",
            80,
            "/health",
            30,
            2,
        ]);
        assert.deepEqual(changed[3]?.slice(0, 4), [
            "dns-tcp-ap-northeast-1",
            "TCP",
            "nlb.ap-northeast-1.amazonaws.com",
            9000,
        ]);
    });

    it("makes nothing but records and checks in a zone that was given", async () => {
        const r = await plain();
        assert.deepEqual([...new Set(r.resources.map((x) => x.type))].sort(), [
            T.check,
            T.record,
            "logcaster-scaling:index:GeoDns",
        ]);
        assert.deepEqual(orphans(r.resources, "dns"), []);
        assert.deepEqual(r.one("logcaster-scaling:index:GeoDns").registeredOutputs, {
            zoneId: "Z0GIVEN",
            nameServers: [],
            dsRecord: "",
            host: "logs.example.com",
            httpHost: "http.logs.example.com",
            healthCheckIds: Object.fromEntries(
                REGIONS.map((region) => [
                    region,
                    { tcp: `dns-tcp-${region}-id`, http: `dns-http-${region}-id` },
                ]),
            ),
        });
    });
});

describe("GeoDns' own zone", () => {
    const own = (args: Partial<GeoDnsArgs> = {}) => create({ zoneId: undefined, ...args });
    const statements = (r: Recorded, key: string) => JSON.parse(String(r.inputs[key])).Statement;
    const protectedNames = (r: Recording<unknown>) =>
        r.resources
            .filter((x) => x.opts.protect)
            .map((x) => x.name)
            .sort();

    it("is created, protected, and every record is in it", async () => {
        const r = await own();
        assert.equal(r.one(T.zone).inputs.name, "example.com");
        assert.deepEqual(orphans(r.resources, "dns"), []);
        assert.deepEqual([...new Set(r.of(T.record).map((x) => x.inputs.zoneId))], ["dns-zone-id"]);
        assert.deepEqual(protectedNames(r), [
            "dns-dnssec-key",
            "dns-queries",
            "dns-queries-key",
            "dns-zone",
        ]);
        assert.deepEqual(protectedNames(await own({ protect: false })), []);
        const outputs = r.one("logcaster-scaling:index:GeoDns").registeredOutputs;
        assert.equal(outputs?.zoneId, "dns-zone-id");
        assert.deepEqual(outputs?.nameServers, ["ns-1.example.net", "ns-2.example.org"]);
        assert.equal(outputs?.dsRecord, "ds-of-dns-dnssec");
    });

    it("is signed with a key in us-east-1 that Route 53 may use", async () => {
        const r = await own();
        const { inputs } = r.one(T.key, "dns-dnssec-key");
        assert.deepEqual(
            [inputs.region, inputs.customerMasterKeySpec, inputs.keyUsage],
            ["us-east-1", "ECC_NIST_P256", "SIGN_VERIFY"],
        );
        const [account, sign, grant, ...rest] = statements(
            r.one(T.keyPolicy, "dns-dnssec-key-policy"),
            "policy",
        );
        assert.deepEqual(rest, []);
        assert.deepEqual(account.Principal, { AWS: "arn:aws:iam::123456789012:root" });
        assert.deepEqual(sign.Action, ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"]);
        assert.equal(grant.Action, "kms:CreateGrant");
        assert.deepEqual(sign.Principal, { Service: "dnssec-route53.amazonaws.com" });
        const signing = r.one(T.signing);
        assert.equal(signing.inputs.hostedZoneId, "dns-zone-id");
        assert.match(String(signing.inputs.name), /^[A-Za-z0-9_]{3,128}$/);
        assert.equal(signing.inputs.status, "ACTIVE");
        // Route 53 refuses a key it may not use yet, and signing without a key.
        assert.ok(dependsOn(signing).some((d) => d.endsWith("::dns-dnssec-key-policy")));
        assert.ok(r.one(T.dnssec).opts.dependencies.includes(signing.urn));
        const { hostedZoneId, signingStatus } = r.one(T.dnssec).inputs;
        assert.deepEqual([hostedZoneId, signingStatus], ["dns-zone-id", "SIGNING"]);
    });

    it("logs its queries to an encrypted group in us-east-1 that Route 53 may write to", async () => {
        const r = await own({ queryLogDays: 400 });
        const group = r.one(T.logGroup);
        assert.deepEqual(
            [group.inputs.region, group.inputs.name, group.inputs.retentionInDays],
            ["us-east-1", "/aws/route53/example.com", 400],
        );
        assert.ok(group.inputs.kmsKeyId);
        const policy = r.one(T.logPolicy);
        assert.equal(policy.inputs.region, "us-east-1");
        const [write, ...rest] = statements(policy, "policyDocument");
        assert.deepEqual(rest, []);
        assert.deepEqual(write.Principal, { Service: "route53.amazonaws.com" });
        assert.deepEqual(write.Condition.ArnLike, {
            "aws:SourceArn": "arn:aws:route53:::hostedzone/dns-zone-id",
        });
        const log = r.one(T.queryLog);
        assert.equal(log.inputs.zoneId, "dns-zone-id");
        assert.ok(log.opts.dependencies.includes(policy.urn));
    });

    it("can do without signing and logs, and a given zone can have both", async () => {
        const types = (r: Recording<unknown>) => new Set(r.resources.map((x) => x.type));
        const without = types(await own({ dnssec: false, queryLogs: false }));
        const given = types(await create({ dnssec: true, queryLogs: true }));
        for (const type of [T.signing, T.dnssec, T.queryLog, T.logGroup, T.key]) {
            assert.ok(!without.has(type), type);
            assert.ok(given.has(type), type);
        }
    });
});
