import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "logcaster-scaling/network";
import { networkProblems } from "logcaster-scaling/network/validate";
import { record } from "../recorder";

const GOOD: NetworkArgs = {
    region: "eu-west-1",
    cidr: "10.8.0.0/16",
    zones: ["eu-west-1a", "eu-west-1b"],
};
const ids = (zones: string[]) => Object.fromEntries(zones.map((zone) => [zone, "subnet-1"]));
const EXISTING = {
    vpcId: "vpc-1",
    publicSubnetIds: ids(GOOD.zones),
    privateSubnetIds: ids(GOOD.zones),
    isolatedSubnetIds: ids(GOOD.zones),
};

/** One mistake a row: what differs from good arguments, and the path of each problem it makes. */
const ROWS: [string, Partial<Record<keyof NetworkArgs, unknown>>, string[]][] = [
    ["no zone", { zones: [] }, ["zones"]],
    ["one zone", { zones: ["eu-west-1a"] }, ["zones"]],
    ["a zone of another region", { zones: ["eu-west-1a", "eu-west-2b"] }, ["zones[1]"]],
    ["a zone without a block", { zones: ["eu-west-1a", "eu-west-1i"] }, ["zones[1]"]],
    ["a zone twice", { zones: ["eu-west-1a", "eu-west-1a"] }, ["zones[1]"]],
    ["no block", { cidr: "ten" }, ["cidr"]],
    ["a block too large", { cidr: "10.0.0.0/15" }, ["cidr"]],
    ["a block too small for the plan", { cidr: "10.0.0.0/20" }, ["cidr"]],
    ["a block with host bits", { cidr: "10.8.1.0/16" }, ["cidr"]],
    ["an unknown NAT mode", { nat: "both" }, ["nat"]],
    ["no way out at all", { nat: "none" }, ["nat"]],
    ["an unknown retention", { flowLogDays: 366 }, ["flowLogDays"]],
    [
        "an existing VPC without a zone's subnet",
        { existing: { ...EXISTING, privateSubnetIds: ids(["eu-west-1a"]) } },
        ["existing.privateSubnetIds"],
    ],
    [
        "endpoints in an existing VPC",
        { existing: EXISTING, interfaceEndpoints: true },
        ["interfaceEndpoints"],
    ],
];

describe("Network's arguments", () => {
    it("are fine as they are, without NAT but with endpoints, and with an existing VPC of any size", () => {
        const fine: Partial<NetworkArgs>[] = [
            {},
            { nat: "none", interfaceEndpoints: true },
            { existing: EXISTING, cidr: "10.0.0.0/28" },
            { existing: EXISTING, nat: "none" },
        ];
        for (const args of fine) assert.deepEqual(networkProblems({ ...GOOD, ...args }), []);
    });

    for (const [what, args, paths] of ROWS) {
        it(`are refused with ${what}`, () => {
            const problems = networkProblems({ ...GOOD, ...args } as NetworkArgs);
            assert.deepEqual(
                problems.map((p) => p.path),
                paths,
            );
        });
    }

    it("are refused all at once, saying what is allowed and why", async () => {
        const create = () =>
            new Network("net", { ...GOOD, zones: ["eu-west-1a", "eu-west-1a"], nat: "none" });
        await assert.rejects(record(create), {
            message: [
                'net: zones[1] is "eu-west-1a"; allowed: each zone once',
                'nat is "none"; allowed: single or per-zone, or interfaceEndpoints: true: an instance without a NAT gateway reaches AWS services only through interface endpoints (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html)',
            ].join("\n"),
            hideStack: true,
        });
    });
});
