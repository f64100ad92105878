import assert from "node:assert/strict";
import { INSTANCE_TYPES } from "logcaster-model/instance-types";
import {
    BILLING,
    PRICES,
    differenceOf,
    priceBook,
    projectCost,
    purchase,
    type PlannedResource,
} from "logcaster-model/prices";

const REGION = "us-east-1";
const GROUP = "aws:autoscaling/group:Group";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const NAT = "aws:ec2/natGateway:NatGateway";

function resource(
    type: string,
    name: string,
    inputs: Record<string, unknown>,
    behind: readonly string[] = [],
): PlannedResource {
    return {
        type,
        urn: urnOf(type, name),
        inputs: { region: REGION, ...inputs },
        propertyDependencies: { any: behind },
    };
}

function urnOf(type: string, name: string): string {
    return `urn:pulumi:prod::logcaster::logcaster-scaling:index:Region$logcaster-scaling:index:Fleet$${type}::${name}`;
}

/** Two on demand, 30 % of the rest on demand, of a type with known price and savings. */
function fleet(types: readonly string[]): PlannedResource[] {
    return [
        resource(TEMPLATE, "template", {
            blockDeviceMappings: [
                { ebs: { volumeType: "gp3", volumeSize: 100, iops: 10_000, throughput: 225 } },
            ],
        }),
        resource(
            GROUP,
            "group",
            {
                minSize: 2,
                desiredCapacity: 5,
                maxSize: 12,
                mixedInstancesPolicy: {
                    instancesDistribution: {
                        onDemandBaseCapacity: 2,
                        onDemandPercentageAboveBaseCapacity: 30,
                    },
                    launchTemplate: { overrides: types.map((instanceType) => ({ instanceType })) },
                },
            },
            [urnOf(TEMPLATE, "template")],
        ),
    ];
}

const linesOf = (resources: readonly PlannedResource[]) =>
    new Map(projectCost(resources).lines.map((line) => [line.what, line]));

describe("cost projection", () => {
    it("divides a group by its mix as AWS does: on demand rounded up", () => {
        assert.deepEqual(purchase(1, 2, 30), { onDemand: 1, spot: 0 });
        assert.deepEqual(purchase(5, 2, 30), { onDemand: 3, spot: 2 });
        assert.deepEqual(purchase(12, 2, 30), { onDemand: 5, spot: 7 });
        assert.deepEqual(purchase(12, 0, 100), { onDemand: 12, spot: 0 });
    });

    it("prices on demand by the first type and spot less its savings, at each size", () => {
        const lines = linesOf(fleet(["m6in.xlarge"]));
        // 730 h x 0.27846; spot saves 56 % in us-east-1.
        const hour = 730 * 0.27846;
        const onDemand = lines.get("instances on demand, m6in.xlarge")?.usd;
        const spot = lines.get("spot instances, estimate")?.usd;
        near(onDemand?.minimum, 2 * hour);
        near(onDemand?.desired, 3 * hour);
        near(onDemand?.maximum, 5 * hour);
        near(spot?.minimum, 0);
        near(spot?.desired, 2 * hour * 0.44);
        near(spot?.maximum, 7 * hour * 0.44);
    });

    it("takes for spot the median of the types that have a price and savings", () => {
        const spot = linesOf(fleet(["m8i.xlarge", "m6a.xlarge", "m7i.xlarge", "m6in.xlarge"]));
        // 0.1728 x 0.43, 0.2016 x 0.47, 0.27846 x 0.44; m8i has no savings.
        near(spot.get("spot instances, estimate")?.unitUsd ?? NaN, 0.2016 * 0.47);
    });

    it("prices volumes by what exceeds the included IOPS and throughput", () => {
        const lines = linesOf(fleet(["m6in.xlarge"]));
        near(lines.get("gp3 volumes")?.usd?.desired, 5 * 100 * 0.08);
        near(lines.get("gp3 IOPS above the included")?.usd?.desired, 5 * 7000 * 0.005);
        near(lines.get("gp3 throughput above the included")?.usd?.desired, 5 * 100 * 0.04);
    });

    it("calls what has no price unknown, and the totals above it a lower bound", () => {
        const cost = projectCost([
            resource(NAT, "here", {}),
            resource(NAT, "there", { region: "sa-east-1" }),
        ]);
        assert.deepEqual(cost.unknown, ["sa-east-1/Fleet: NAT gateways"]);
        assert.equal(cost.regions["sa-east-1"]?.lowerBound, true);
        assert.equal(cost.regions[REGION]?.lowerBound, false);
        assert.equal(cost.total.lowerBound, true);
        near(cost.total.usd.desired, 730 * 0.045);
    });

    it("calls a type without a rule unknown, and a type that costs nothing free", () => {
        const of = (type: string) => projectCost([resource(type, "it", {})]);
        assert.deepEqual(of("aws:msk/cluster:Cluster").unknown, [
            "us-east-1/Fleet: aws:msk/cluster:Cluster: no rule for this type",
        ]);
        assert.deepEqual(of("aws:iam/role:Role").unknown, []);
        assert.deepEqual(of("aws:ec2/route:Route").total.lowerBound, false);
    });

    it("counts the nodes of a cluster, and what auto scaling may make of them", () => {
        const type = "aws:elasticache/replicationGroup:ReplicationGroup";
        const cluster = resource(type, "store", {
            engine: "valkey",
            nodeType: "cache.t4g.small",
            numNodeGroups: 2,
            replicasPerNodeGroup: 1,
        });
        const target = resource(
            "aws:appautoscaling/target:Target",
            "shards",
            { maxCapacity: 6, scalableDimension: "elasticache:replication-group:NodeGroups" },
            [cluster.urn],
        );
        const units = linesOf([cluster, target]).get("valkey nodes cache.t4g.small")?.units;
        assert.deepEqual(units, {
            minimum: 4 * BILLING.hoursPerMonth,
            desired: 4 * BILLING.hoursPerMonth,
            maximum: 12 * BILLING.hoursPerMonth,
        });
    });

    it("prices a secondary of a Global Datastore by its primary's nodes and shards, in its own region", () => {
        const CLUSTER = "aws:elasticache/replicationGroup:ReplicationGroup";
        const GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";
        const primary = resource(CLUSTER, "primary", {
            engine: "valkey",
            nodeType: "cache.r7g.large",
            numNodeGroups: 2,
            replicasPerNodeGroup: 2,
        });
        const datastore = resource(GLOBAL, "global", {}, [urnOf(CLUSTER, "primary")]);
        const secondary = resource(
            CLUSTER,
            "secondary",
            { region: "eu-west-1", globalReplicationGroupId: "g", replicasPerNodeGroup: 1 },
            [urnOf(GLOBAL, "global")],
        );
        const inIreland = (plan: readonly PlannedResource[]) =>
            projectCost(plan).lines.find(({ region }) => region === "eu-west-1");
        assert.equal(inIreland([primary, datastore]), undefined);
        const line = inIreland([primary, datastore, secondary]);
        assert.equal(line?.what, "valkey nodes cache.r7g.large");
        assert.equal(line?.units.desired, 2 * 2 * BILLING.hoursPerMonth);
    });

    it("takes the stack's own prices first", () => {
        const there = resource(NAT, "there", { region: "sa-east-1" });
        const cost = projectCost([there], { "sa-east-1": { "nat.hour": 0.1 } });
        near(cost.total.usd.desired, 73);
        assert.equal(cost.total.lowerBound, false);
        assert.equal(cost.lines[0]?.source, "logcaster:budget.prices");
    });

    it("states what is billed by use, outside the totals", () => {
        const { usage } = projectCost([resource(NAT, "here", {})]);
        assert.deepEqual(usage, [
            { region: REGION, what: "data through NAT gateways", unitUsd: 0.045, unit: "GB" },
        ]);
    });

    it("lists what is always on: on demand at the smallest size, not spot", () => {
        const { alwaysOn } = projectCost(fleet(["m6in.xlarge"]));
        assert.deepEqual(
            alwaysOn.map(({ region, what, count }) => [region, what, count]),
            [[REGION, "instances on demand, m6in.xlarge", 2]],
        );
        near(alwaysOn[0]?.usd ?? NaN, 2 * 730 * 0.27846);
    });

    it("shows the difference of two plans by region and component", () => {
        const nat = resource(NAT, "one", {});
        const before = projectCost([nat]);
        const after = projectCost([nat, resource(NAT, "two", {})]);
        const usd = { minimum: 32.85, desired: 32.85, maximum: 32.85 };
        assert.deepEqual(differenceOf(before, after), [
            { region: REGION, component: "Fleet", usd, incomplete: false },
            { region: "all", component: "total", usd, incomplete: false },
        ]);
        assert.equal(differenceOf(before, before).length, 1);
    });
});

describe("price table", () => {
    it("dates every row and names its source", () => {
        for (const { sku, region, usd, unit, date, url } of PRICES) {
            const row = `${region}/${sku}`;
            assert.match(date, /^20\d\d-\d\d-\d\d$/, row);
            assert.match(url, /^https:\/\//, row);
            assert.ok(usd > 0 && unit !== "", row);
        }
    });

    it("has each row once", () => {
        const keys = PRICES.map(({ sku, region }) => `${region}/${sku}`);
        assert.equal(new Set(keys).size, keys.length);
    });

    it("prices every instance type that we offer, in us-east-1", () => {
        const priceOf = priceBook();
        const without = INSTANCE_TYPES.filter(
            ({ type }) => !priceOf(`ec2.${type}.hour`, REGION),
        ).map(({ type }) => type);
        assert.deepEqual(without, []);
    });
});

function near(actual: number | undefined, expected: number): void {
    assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-6, `${actual}, ${expected}`);
}
