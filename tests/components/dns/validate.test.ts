import * as assert from "node:assert/strict";
import { GeoDns, type GeoDnsArgs } from "logcaster-scaling/dns";
import { geoDnsProblems } from "logcaster-scaling/dns/validate";
import { record } from "../recorder";

const to = { nlbDnsName: "n", nlbZoneId: "Z1", albDnsName: "a", albZoneId: "Z2" };
const GOOD: GeoDnsArgs = {
    zoneName: "example.com",
    host: "logs.example.com",
    httpHost: "http.example.com",
    https: false,
    areas: [
        { area: "*", region: "us-east-1" },
        { area: "continent:EU", region: "eu-west-1" },
    ],
    endpoints: { "us-east-1": to, "eu-west-1": to },
};
const also = (area: string, region: string) => ({ areas: [...GOOD.areas!, { area, region }] });

const ROWS: [string, Partial<Record<keyof GeoDnsArgs, unknown>>, string[]][] = [
    ["an area twice", also("continent:EU", "us-east-1"), ["areas[2].area"]],
    ["the default twice", also("*", "eu-west-1"), ["areas[2].area"]],
    ["a region that is not there", also("country:JP", "ap-northeast-1"), ["areas[2].region"]],
    [
        "a region nobody is sent to",
        { endpoints: { ...GOOD.endpoints, "ap-northeast-1": to } },
        ["areas"],
    ],
    [
        "no default",
        { areas: [{ area: "country:US", region: "us-east-1" }, GOOD.areas![1]] },
        ["areas"],
    ],
    ["no area at all", { areas: undefined }, ["areas", "areas", "areas"]],
    ["a continent that is none", also("continent:XX", "eu-west-1"), ["areas[2].area"]],
    ["a state outside the US", also("country:DE/BY", "eu-west-1"), ["areas[2].area"]],
    ["a country and a continent", also("continent:EU,country:DE", "eu-west-1"), ["areas[2].area"]],
    ["areas in latency mode", { mode: "latency" }, ["areas"]],
    ["an unknown mode", { mode: "weighted" }, ["mode"]],
    ["no region", { endpoints: {}, areas: [], mode: "latency" }, ["endpoints"]],
    ["a host of another zone", { host: "logs.example.org" }, ["host"]],
    ["a host that only looks like the zone's", { httpHost: "http.myexample.com" }, ["httpHost"]],
    ["one host for both", { httpHost: "logs.example.com" }, ["httpHost"]],
    ["a port out of range", { port: 65536 }, ["port"]],
    ["a check every 20 s", { healthCheckIntervalSeconds: 20 }, ["healthCheckIntervalSeconds"]],
    ["eleven failures", { failureThreshold: 11 }, ["failureThreshold"]],
    ["an unknown retention", { queryLogDays: 366 }, ["queryLogDays"]],
];

describe("GeoDns' arguments", () => {
    it("are fine with a default and every region, at the zone's own name, and by latency without areas", () => {
        const fine: Partial<GeoDnsArgs>[] = [
            {},
            { host: "example.com" },
            also("country:US/CA", "eu-west-1"),
            { mode: "latency", areas: [] },
        ];
        for (const args of fine) assert.deepEqual(geoDnsProblems({ ...GOOD, ...args }), []);
    });

    for (const [what, args, paths] of ROWS) {
        it(`are refused with ${what}`, () => {
            const problems = geoDnsProblems({ ...GOOD, ...args } as GeoDnsArgs);
            assert.deepEqual(
                problems.map((p) => p.path),
                paths,
            );
        });
    }

    it("are refused all at once, saying what is allowed and why", async () => {
        const areas = [
            { area: "country:US", region: "us-east-1" },
            { area: "country:US", region: "eu-west-2" },
        ];
        await assert.rejects(
            record(() => new GeoDns("dns", { ...GOOD, areas })),
            {
                message: [
                    'dns: areas[1].area is "country:US"; allowed: each area once; areas[0] has it and points to us-east-1',
                    'areas[1].region is "eu-west-2"; allowed: a region of endpoints: us-east-1, eu-west-1',
                    'areas is ["country:US","country:US"]; allowed: the default area * among them: geolocation without a default record gives no answer to addresses that are not mapped (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html)',
                    'areas is ["us-east-1","eu-west-2"]; allowed: an area for every region of endpoints; nobody is sent to eu-west-1',
                ].join("\n"),
                hideStack: true,
            },
        );
    });
});
