import * as assert from "node:assert/strict";
import { drill, PlanError, type PlannedResource } from "logcaster-model/recovery";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ZONES = ["a", "b", "c"];

interface Shape {
    regions: string[];
    /** Zones of the fleet and of everything else. */
    zones: string[];
    desired: number;
    min: number;
    max: number;
    /** The zone whose NAT gateway all others use; one a zone where undefined. */
    singleNat?: string;
    copies: number;
    failover: boolean;
    databases: number;
    isGlobal: boolean;
    /** Whether the record of the last region is the only one and falls over to nobody. */
    dns: "none" | "falls over" | "one region";
}

const SOUND: Shape = {
    regions: ["r1", "r2"],
    zones: ZONES,
    desired: 6,
    min: 4,
    max: 20,
    copies: 3,
    failover: true,
    databases: 2,
    isGlobal: true,
    dns: "falls over",
};

/** A plan with one of everything in each region. */
function planOf(change: Partial<Shape> = {}): { steps: { newState: PlannedResource }[] } {
    const shape = { ...SOUND, ...change };
    const resources: PlannedResource[] = [];
    const add = (type: string, name: string, inputs: object, more: Partial<PlannedResource> = {}) =>
        resources.push({
            urn: `urn:pulumi:s::p::${type}::${name}`,
            type,
            id: name,
            inputs: inputs as Record<string, unknown>,
            ...more,
        });
    shape.regions.forEach((region, index) => {
        const subnets = shape.zones.map((zone) => `${region}-subnet-${zone}`);
        for (const zone of shape.zones) {
            const at = { region };
            const nat = shape.singleNat ?? zone;
            add("aws:ec2/subnet:Subnet", `${region}-subnet-${zone}`, {
                ...at,
                availabilityZone: region + zone,
            });
            add("aws:ec2/natGateway:NatGateway", `${region}-nat-${zone}`, {
                ...at,
                subnetId: `${region}-subnet-${zone}`,
            });
            add("aws:ec2/route:Route", `${region}-route-${zone}`, {
                ...at,
                routeTableId: `${region}-table-${zone}`,
                natGatewayId: `${region}-nat-${nat}`,
            });
            add(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                `${region}-association-${zone}`,
                {
                    ...at,
                    routeTableId: `${region}-table-${zone}`,
                    subnetId: `${region}-subnet-${zone}`,
                },
            );
        }
        add("aws:autoscaling/group:Group", `${region}-fleet`, {
            region,
            vpcZoneIdentifiers: subnets,
            desiredCapacity: shape.desired,
            minSize: shape.min,
            maxSize: shape.max,
        });
        add(
            "aws:lb/loadBalancer:LoadBalancer",
            `${region}-nlb`,
            { region, subnets },
            { outputs: { dnsName: `${region}.elb` } },
        );
        add("aws:elasticache/subnetGroup:SubnetGroup", `${region}-redis-subnets`, {
            region,
            subnetIds: subnets,
        });
        add("aws:elasticache/replicationGroup:ReplicationGroup", `${region}-store`, {
            region,
            subnetGroupName: `${region}-redis-subnets`,
            replicasPerNodeGroup: shape.copies - 1,
            multiAzEnabled: shape.failover,
            automaticFailoverEnabled: shape.failover,
            tags: { "logcaster:redis-role": "store" },
        });
        add("aws:rds/subnetGroup:SubnetGroup", `${region}-db-subnets`, {
            region,
            subnetIds: subnets,
        });
        add("aws:rds/cluster:Cluster", `${region}-db`, {
            region,
            clusterIdentifier: `${region}-db`,
            dbSubnetGroupName: `${region}-db-subnets`,
            ...(shape.isGlobal ? { globalClusterIdentifier: "global" } : {}),
            ...(index === 0 ? { masterUsername: "admin" } : {}),
        });
        for (let i = 0; i < shape.databases; i++) {
            add("aws:rds/clusterInstance:ClusterInstance", `${region}-db-${i}`, {
                region,
                clusterIdentifier: `${region}-db`,
            });
        }
        if (shape.dns === "none" || (shape.dns === "one region" && index > 0)) return;
        add("aws:route53/record:Record", `record-${region}`, {
            name: "logs.example.com",
            type: "A",
            setIdentifier: region,
            latencyRoutingPolicies: [{ region }],
            aliases: [{ name: `${region}.elb`, zoneId: "Z", evaluateTargetHealth: true }],
        });
    });
    return { steps: resources.map((newState) => ({ newState })) };
}

/** `lost part: left of before verdict` of what does not hold. */
const weak = (change: Partial<Shape> = {}) =>
    drill(planOf(change))
        .filter(({ verdict }) => verdict !== "holds")
        .map((f) => `${f.lost} ${f.part}: ${f.left} of ${f.before} ${f.verdict}`);
const failing = (change: Partial<Shape>) =>
    drill(planOf(change))
        .filter(({ verdict }) => verdict === "fails")
        .map((f) => `${f.lost} ${f.part}: ${f.note}`);

describe("drilling a plan", () => {
    it("counts what is left of each part without each zone and each region", () => {
        const findings = drill(planOf());
        const r1 = findings.filter(({ lost }) => lost === "r1a");
        assert.deepEqual(
            r1.map(({ part, unit, before, left, needed, verdict }) => [
                part,
                unit,
                before,
                left,
                needed,
                verdict,
            ]),
            [
                ["r1-fleet", "instances", 6, 4, 4, "holds"],
                ["r1-nlb", "zones", 3, 2, 1, "holds"],
                ["NAT gateways", "zones", 3, 2, 2, "holds"],
                ["r1-store", "copies of a shard", 3, 2, 1, "recovers"],
                ["r1-db", "instances", 2, 1, 1, "recovers"],
            ],
        );
        assert.deepEqual(
            findings
                .filter(({ lost }) => lost === "r1")
                .map(({ part, before, left, verdict }) => [part, before, left, verdict]),
            [
                ["r1-fleet", 12, 6, "recovers"],
                ["r1-nlb", 3, 0, "holds"],
                ["NAT gateways", 3, 0, "holds"],
                ["r1-store", 3, 0, "recovers"],
                ["r1-db", 4, 2, "recovers"],
                ["logs.example.com", 1, 1, "holds"],
            ],
        );
        assert.deepEqual(
            [...new Set(findings.map(({ lost }) => lost))],
            ["r1a", "r1b", "r1c", "r2a", "r2b", "r2c", "r1", "r2"],
        );
    });

    it("takes the worst spread: the lost zone held the odd instance", () => {
        assert.ok(weak({ desired: 5 }).includes("r1a r1-fleet: 3 of 5 recovers"));
    });

    it("finds a fleet in one zone, and one that a single zone may hold whole", () => {
        assert.ok(
            failing({ zones: ["a"] }).includes(
                "r1a r1-fleet: it is in one zone: spread it, or raise its minimum",
            ),
        );
        assert.ok(
            failing({ desired: 1, min: 1 }).some((line) =>
                line.startsWith("r1c r1-fleet: the lost zone may have held all of it"),
            ),
        );
    });

    it("finds the zone through which the others go out, and only that one", () => {
        assert.deepEqual(failing({ singleNat: "b" }), [
            "r1b NAT gateways: r1a, r1c go out through the lost zone: one NAT gateway a zone",
            "r2b NAT gateways: r2a, r2c go out through the lost zone: one NAT gateway a zone",
        ]);
    });

    it("finds shards without a second copy and without failover", () => {
        assert.equal(
            failing({ copies: 1 }).filter((line) =>
                line.includes("-store: all copies may have been there"),
            ).length,
            6,
        );
        assert.equal(
            failing({ failover: false }).filter((line) =>
                line.includes("-store: no automatic failover"),
            ).length,
            6,
        );
    });

    it("finds a database of one instance, and one without a copy in another region", () => {
        assert.equal(
            failing({ databases: 1 }).filter((line) =>
                line.includes("-db: no instance in another zone"),
            ).length,
            6,
        );
        assert.deepEqual(failing({ isGlobal: false }), [
            "r1 r1-db: no other region has a copy",
            "r2 r2-db: no other region has a copy",
        ]);
    });

    it("finds maximums of the other regions that leave no room for a lost region's instances", () => {
        assert.deepEqual(failing({ max: 9 }), [
            "r1 r1-fleet: the other regions' maximums allow 3 of the 6 that are lost",
            "r2 r2-fleet: the other regions' maximums allow 3 of the 6 that are lost",
        ]);
    });

    it("finds names that still answer with the lost region, and front doors that no name leads away from", () => {
        assert.deepEqual(failing({ dns: "one region" }), [
            "r1 logs.example.com: sent to the lost region: anywhere else",
        ]);
        assert.deepEqual(failing({ dns: "none" }), [
            "r1 r1-nlb: no DNS name falls over",
            "r2 r2-nlb: no DNS name falls over",
        ]);
    });

    it("says of a stack in one region that nothing is left without it", () => {
        const lost = drill(planOf({ regions: ["r1"] })).filter(({ lost: gone }) => gone === "r1");
        assert.deepEqual(
            lost.filter(({ verdict }) => verdict !== "fails").map(({ part }) => part),
            ["NAT gateways"],
        );
    });

    it("counts the node groups of one Kubernetes cluster together", () => {
        const plan = planOf();
        const steps = plan.steps.map(({ newState }) => {
            if (!newState.type.includes("autoscaling/group")) return { newState };
            const tags = [{ key: "kubernetes.io/cluster/k", value: "owned" }];
            return {
                newState: { ...newState, inputs: { ...newState.inputs, tags, region: "r1" } },
            };
        });
        const nodes = drill({ steps }).filter(
            ({ lost, part }) => lost === "r1a" && part === "nodes of k",
        );
        assert.deepEqual(
            nodes.map(({ before, left, needed }) => [before, left, needed]),
            [[12, 10, 8]],
        );
    });

    it("refuses what is no plan, and a plan whose ids are unknown, naming the resource", () => {
        for (const plan of [null, 1, {}, { steps: [] }])
            assert.throws(() => drill(plan), PlanError);
        const plan = planOf();
        const subnet = plan.steps[0]!.newState;
        plan.steps[0] = { newState: { ...subnet, id: UNKNOWN } };
        assert.throws(() => drill(plan), {
            name: "PlanError",
            message: new RegExp(`id of ${subnet.urn} is unknown.*--up --json`),
        });
    });
});
