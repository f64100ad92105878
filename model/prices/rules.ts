/** What each type of resource costs: quantities at minimum, desired and maximum, by SKU. Pure; knows the plan's inputs alone. */
import { BILLING } from "./defaults";
import { GLOBAL } from "./table";

/** A resource of a plan. */
export interface PlannedResource {
    readonly type: string;
    readonly urn: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    /** Which resources each input is made from, by URN. */
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** A quantity, or USD a month, at the smallest, first and largest size. */
export interface Spread {
    readonly minimum: number;
    readonly desired: number;
    readonly maximum: number;
}

/** A number of units of one SKU. */
export interface Quantity {
    readonly what: string;
    /** A SKU, or several of which the median of the known is taken; undefined where the plan does not tell. */
    readonly skus: readonly string[];
    /** Whether a reservation or savings plan makes it cheaper. */
    readonly reservable?: boolean;
    /** Whether the price is the on-demand price less what spot saves. */
    readonly spot?: boolean;
    /** Units a month. */
    readonly units: Spread;
    /** Where it is billed, when not in the resource's region. */
    readonly region?: string;
}

/** What is billed by use, which a plan does not know. */
export interface Usage {
    readonly what: string;
    readonly sku?: string;
}

export interface Charges {
    readonly fixed?: readonly Quantity[];
    readonly usage?: readonly Usage[];
    /** What is billed but cannot be counted from the inputs. */
    readonly uncounted?: readonly string[];
}

/** Finds neighbours in the plan. */
export interface Neighbours {
    /** Resources of a type that an input of this one is made from. */
    readonly behind: (resource: PlannedResource, type: string) => readonly PlannedResource[];
    readonly ofType: (type: string) => readonly PlannedResource[];
}

type Rule = (resource: PlannedResource, plan: Neighbours) => Charges;

const HOURS = BILLING.hoursPerMonth;
const same = (n: number): Spread => ({ minimum: n, desired: n, maximum: n });
const map = (s: Spread, f: (n: number) => number): Spread => ({
    minimum: f(s.minimum),
    desired: f(s.desired),
    maximum: f(s.maximum),
});
const number = (value: unknown, otherwise = 0): number =>
    typeof value === "number" ? value : otherwise;
const text = (value: unknown, otherwise = ""): string =>
    typeof value === "string" ? value : otherwise;
const object = (value: unknown): Record<string, unknown> =>
    typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const one = (what: string, sku: string, units = 1, region?: string): Charges => ({
    fixed: [{ what, skus: [sku], units: same(units), ...(region ? { region } : {}) }],
});

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const TARGET = "aws:appautoscaling/target:Target";
const SUBNET = "aws:ec2/subnet:Subnet";
const GLOBAL_DATASTORE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";

/** Instances by purchase option, as an auto scaling group divides them: on demand is rounded up. */
export function purchase(
    instances: number,
    onDemandBase: number,
    onDemandPercentAboveBase: number,
): { onDemand: number; spot: number } {
    const base = Math.min(instances, onDemandBase);
    const onDemand = base + Math.ceil(((instances - base) * onDemandPercentAboveBase) / 100);
    return { onDemand, spot: instances - onDemand };
}

function group(resource: PlannedResource, plan: Neighbours): Charges {
    const { inputs } = resource;
    const minimum = number(inputs["minSize"]);
    const desired = number(inputs["desiredCapacity"], minimum);
    const size: Spread = { minimum, desired, maximum: number(inputs["maxSize"], desired) };
    const mixed = object(inputs["mixedInstancesPolicy"]);
    const mix = object(mixed["instancesDistribution"]);
    const overrides = list(object(mixed["launchTemplate"])["overrides"]);
    const template = plan.behind(resource, TEMPLATE)[0]?.inputs ?? {};
    const types = overrides.map((override) => text(object(override)["instanceType"]));
    if (types.length === 0) types.push(text(template["instanceType"], "unknown"));
    const split = (n: number) =>
        inputs["mixedInstancesPolicy"] === undefined
            ? { onDemand: n, spot: 0 }
            : purchase(
                  n,
                  number(mix["onDemandBaseCapacity"]),
                  number(mix["onDemandPercentageAboveBaseCapacity"], 100),
              );
    const hourly = types.map((type) => `ec2.${type}.hour`);
    const onDemand = map(size, (n) => split(n).onDemand * HOURS);
    const spot = map(size, (n) => split(n).spot * HOURS);
    return {
        fixed: [
            // On demand, an auto scaling group takes the first type that has room.
            {
                what: `instances on demand, ${types[0]}`,
                skus: hourly.slice(0, 1),
                units: onDemand,
                reservable: true,
            },
            { what: "spot instances, estimate", skus: hourly, spot: true, units: spot },
            ...volumes(template, size),
            ...(object(template["monitoring"])["enabled"] === true
                ? [
                      {
                          what: "detailed monitoring",
                          skus: ["monitoring.metricMonth"],
                          units: map(size, (n) => n * BILLING.detailedMetricsPerInstance),
                      },
                  ]
                : []),
        ],
        usage: [
            { what: "data transfer to the internet", sku: "transfer.internetGb" },
            { what: "data transfer between zones", sku: "transfer.zonesGb" },
        ],
    };
}

function* volumes(template: Record<string, unknown>, size: Spread): Generator<Quantity> {
    for (const device of list(template["blockDeviceMappings"])) {
        const ebs = object(object(device)["ebs"]);
        const type = text(ebs["volumeType"], "gp2");
        const each = (what: string, part: string, units: number): Quantity => ({
            what,
            skus: [`volume.${type}.${part}`],
            units: map(size, (n) => n * units),
        });
        yield each(`${type} volumes`, "gbMonth", number(ebs["volumeSize"]));
        const iops = number(ebs["iops"]) - BILLING.gp3IncludedIops;
        if (iops > 0) yield each(`${type} IOPS above the included`, "iopsMonth", iops);
        const mibps = number(ebs["throughput"]) - BILLING.gp3IncludedMibps;
        if (mibps > 0) yield each(`${type} throughput above the included`, "mibpsMonth", mibps);
    }
}

/** What a member of a Global Datastore says of engine, nodes and shards: its primary's. */
function leaderOf(member: PlannedResource, plan: Neighbours): Readonly<Record<string, unknown>> {
    const [global] = plan
        .behind(member, GLOBAL_DATASTORE)
        .filter(() => member.inputs["globalReplicationGroupId"] !== undefined);
    const [leader] = global ? plan.behind(global, member.type) : [];
    return leader?.inputs ?? {};
}

function cluster(resource: PlannedResource, plan: Neighbours): Charges {
    const inputs = { ...leaderOf(resource, plan), ...resource.inputs };
    const shards = number(inputs["numNodeGroups"], 1);
    const copies = number(inputs["replicasPerNodeGroup"]) + 1;
    const most = { shards, copies };
    for (const target of plan.ofType(TARGET)) {
        if (!plan.behind(target, resource.type).includes(resource)) continue;
        const limit = number(target.inputs["maxCapacity"]);
        const dimension = text(target.inputs["scalableDimension"]);
        if (dimension.endsWith(":NodeGroups")) most.shards = Math.max(shards, limit);
        if (dimension.endsWith(":Replicas")) most.copies = Math.max(copies, limit + 1);
    }
    const nodes: Spread = { ...same(shards * copies), maximum: most.shards * most.copies };
    const type = text(inputs["nodeType"], "unknown");
    const engine = text(inputs["engine"], "redis");
    const units = map(nodes, (n) => n * HOURS);
    return {
        fixed: [
            {
                what: `${engine} nodes ${type}`,
                skus: [`elasticache.${engine}.${type}.hour`],
                units,
                reservable: true,
            },
            ...(inputs["durability"] === "sync"
                ? [
                      {
                          what: "synchronous durability",
                          skus: [`elasticache.syncDurability.${type}.hour`],
                          units,
                      },
                  ]
                : []),
        ],
        usage: [{ what: "backups beyond the free one, and data transfer between zones" }],
    };
}

function balancer(resource: PlannedResource, plan: Neighbours): Charges {
    const { inputs } = resource;
    const kind = text(inputs["loadBalancerType"], "application");
    const zones = new Set(
        plan
            .ofType(SUBNET)
            .filter((subnet) => subnet.inputs["region"] === inputs["region"])
            .map((subnet) => text(subnet.inputs["availabilityZone"])),
    ).size;
    const open = inputs["internal"] !== true;
    return {
        fixed: [
            { what: `${kind} load balancer`, skus: [`balancer.${kind}.hour`], units: same(HOURS) },
            ...(open && zones > 0
                ? [
                      {
                          what: "public IPv4 addresses of load balancers",
                          skus: ["publicIpv4.hour"],
                          units: same(zones * HOURS),
                      },
                  ]
                : []),
        ],
        usage: [
            {
                what: `capacity units of the ${kind} load balancer`,
                sku: `balancer.${kind}.lcuHour`,
            },
        ],
        ...(open && zones === 0 ? { uncounted: ["public IPv4 addresses of load balancers"] } : {}),
    };
}

function healthCheck({ inputs }: PlannedResource): Charges {
    const features = [
        text(inputs["type"]).startsWith("HTTPS"),
        text(inputs["type"]).endsWith("STR_MATCH"),
        number(inputs["requestInterval"], 30) === 10,
        inputs["measureLatency"] === true,
    ].filter(Boolean).length;
    const quantity = (what: string, sku: string, n: number): Quantity => ({
        what,
        skus: [sku],
        units: same(n),
        region: GLOBAL,
    });
    return {
        fixed: [
            quantity("health checks of AWS endpoints", "route53.healthCheckMonth", 1),
            ...(features > 0
                ? [quantity("health check features", "route53.healthCheckFeatureMonth", features)]
                : []),
        ],
    };
}

function alarm({ inputs }: PlannedResource): Charges {
    const queries = list(inputs["metricQueries"]).filter(
        (query) => object(query)["metric"] !== undefined,
    ).length;
    return one("alarm metrics", "alarm.metricMonth", Math.max(1, queries));
}

function endpoint({ inputs }: PlannedResource): Charges {
    if (text(inputs["vpcEndpointType"], "Gateway") === "Gateway") return {};
    const zones = list(inputs["subnetIds"]).length;
    if (zones === 0) return { uncounted: ["interface endpoints (zones not known yet)"] };
    return {
        ...one("interface endpoints", "endpoint.interface.hour", zones * HOURS),
        usage: [{ what: "data through interface endpoints" }],
    };
}

const ruleOf: Readonly<Record<string, Rule>> = {
    "aws:autoscaling/group:Group": group,
    "aws:elasticache/replicationGroup:ReplicationGroup": cluster,
    "aws:lb/loadBalancer:LoadBalancer": balancer,
    "aws:ec2/natGateway:NatGateway": () => ({
        ...one("NAT gateways", "nat.hour", HOURS),
        usage: [{ what: "data through NAT gateways", sku: "nat.gb" }],
    }),
    "aws:ec2/eip:Eip": () => one("public IPv4 addresses", "publicIpv4.hour", HOURS),
    "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
    "aws:kms/key:Key": () => ({
        ...one("KMS keys", "kms.keyMonth"),
        usage: [{ what: "KMS requests, and one more key a year for each that rotates" }],
    }),
    "aws:secretsmanager/secret:Secret": () => one("secrets", "secret.month"),
    "aws:route53/zone:Zone": () => ({
        ...one("hosted zones", "route53.zoneMonth", 1, GLOBAL),
        usage: [{ what: "DNS queries" }],
    }),
    "aws:route53/healthCheck:HealthCheck": healthCheck,
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": () =>
        one("composite alarms", "alarm.compositeMonth"),
    "aws:cloudwatch/dashboard:Dashboard": () =>
        one("dashboards beyond the free ones", "dashboard.month", 1, GLOBAL),
    "aws:cloudwatch/logGroup:LogGroup": () => ({
        usage: [{ what: "log entries taken in and kept", sku: "logs.gb" }],
    }),
    "aws:ec2/flowLog:FlowLog": () => ({
        usage: [{ what: "flow log records taken in", sku: "logs.gb" }],
    }),
    "aws:backup/vault:Vault": () => ({
        usage: [{ what: "backups kept, and copies between regions" }],
    }),
    "aws:s3/bucket:Bucket": () => ({ usage: [{ what: "objects kept in buckets, and requests" }] }),
    "aws:sns/topic:Topic": () => ({ usage: [{ what: "notifications" }] }),
    "aws:rds/clusterInstance:ClusterInstance": ({ inputs }) =>
        one("database instances", `aurora.${text(inputs["instanceClass"], "unknown")}.hour`, HOURS),
    "aws:rds/cluster:Cluster": () => ({
        usage: [{ what: "database storage, I/O and replicated writes" }],
    }),
    "aws:eks/cluster:Cluster": () => one("Kubernetes control planes", "eks.cluster.hour", HOURS),
    "aws:wafv2/webAcl:WebAcl": ({ inputs }) => ({
        fixed: [
            { what: "web ACLs", skus: ["waf.aclMonth"], units: same(1), region: GLOBAL },
            {
                what: "rules of web ACLs",
                skus: ["waf.ruleMonth"],
                units: same(list(inputs["rules"]).length),
                region: GLOBAL,
            },
        ],
        usage: [{ what: "requests that web ACLs look at" }],
    }),
    "aws:cloudfront/distribution:Distribution": () => ({
        usage: [{ what: "requests and data through the edge" }],
    }),
};

/** Types that a projection looks at, with those that it reads beside them. */
export const PROJECTED_TYPES: readonly string[] = [
    ...Object.keys(ruleOf),
    TEMPLATE,
    TARGET,
    SUBNET,
    GLOBAL_DATASTORE,
];

/** Services whose other resources carry no charge of their own: what they hold or send is billed by use, elsewhere. */
const FREE = new RegExp(
    "^(pulumi:|random:|kubernetes:|logcaster-scaling:|aws:(" +
        [
            "appautoscaling/",
            "autoscaling/",
            "autoscalingplans/",
            "backup/(plan|selection|vaultLockConfiguration|vaultPolicy)",
            "budgets/",
            "cloudfront/(cachePolicy|originRequestPolicy|responseHeadersPolicy|originAccessControl)",
            "cloudwatch/(event|logDelivery|logResourcePolicy|logSubscriptionFilter|logMetricFilter)",
            "costexplorer/",
            "ec2/(defaultSecurityGroup|internetGateway|launchTemplate|mainRoute|network|placementGroup|route|security|subnet|vpc:|vpcDhcp|eipAssociation)",
            "elasticache/(globalReplicationGroup|parameterGroup|subnetGroup|user)",
            "iam/",
            "kms/(alias|keyPolicy|grant)",
            "lb/(listener|targetGroup)",
            "rds/(globalCluster|subnetGroup|parameterGroup|clusterParameterGroup)",
            "route53/(record|queryLog|hostedZoneDnsSec|keySigningKey)",
            "s3/bucket[A-Z]",
            "secretsmanager/secret[A-Z]",
            "sns/topic[A-Z]",
            "chatbot/",
            "ssm/parameter:",
            "vpc/",
        ].join("|") +
        "))",
);

/** What a resource costs. Undefined: no rule knows its type, so it may cost something. */
export function chargesOf(resource: PlannedResource, plan: Neighbours): Charges | undefined {
    const rule = ruleOf[resource.type];
    if (rule) return rule(resource, plan);
    return FREE.test(resource.type) ? {} : undefined;
}
