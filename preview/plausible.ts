import { createHash } from "node:crypto";
import { nameOf, type ResourceState } from "./resources";
import type { OutputProperty } from "./schema";
import { UNKNOWN, containsUnknown, isObject, type Properties, type Value } from "./values";

/** A documentation account: AWS uses it in its own examples. */
const ACCOUNT = "123456789012";
const DEFAULT_REGION = "us-east-1";

/** How ids of a type look: a prefix before hexadecimal digits. Types that are not named have their name as id. */
const ID_PREFIXES: Record<string, string> = {
    "aws:ec2/vpc:Vpc": "vpc-",
    "aws:ec2/subnet:Subnet": "subnet-",
    "aws:ec2/securityGroup:SecurityGroup": "sg-",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "sg-",
    "aws:ec2/internetGateway:InternetGateway": "igw-",
    "aws:ec2/natGateway:NatGateway": "nat-",
    "aws:ec2/routeTable:RouteTable": "rtb-",
    "aws:ec2/eip:Eip": "eipalloc-",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce-",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt-",
    "aws:ec2/instance:Instance": "i-",
    "aws:ec2/flowLog:FlowLog": "fl-",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr-",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr-",
    "aws:ec2/securityGroupRule:SecurityGroupRule": "sgrule-",
    "aws:kms/key:Key": "",
    "aws:route53/healthCheck:HealthCheck": "",
};

/** The resource part of an ARN by type: `service:path`, `{name}` and `{id}` filled in, no region or account for global services. */
const ARN_SHAPES: Record<string, string> = {
    "aws:autoscaling/group:Group":
        "autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
    "aws:autoscaling/policy:Policy":
        "autoscaling:{region}:{account}:scalingPolicy:{uuid}:policyName/{name}",
    "aws:ec2/launchTemplate:LaunchTemplate": "ec2:{region}:{account}:launch-template/{id}",
    "aws:ec2/eip:Eip": "ec2:{region}:{account}:elastic-ip/{id}",
    "aws:ec2/internetGateway:InternetGateway": "ec2:{region}:{account}:internet-gateway/{id}",
    "aws:ec2/routeTable:RouteTable": "ec2:{region}:{account}:route-table/{id}",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "ec2:{region}:{account}:vpc-endpoint/{id}",
    "aws:ec2/flowLog:FlowLog": "ec2:{region}:{account}:vpc-flow-log/{id}",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":
        "ec2:{region}:{account}:security-group/{id}",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
        "ec2:{region}:{account}:security-group-rule/{id}",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
        "ec2:{region}:{account}:security-group-rule/{id}",
    "aws:ec2/vpc:Vpc": "ec2:{region}:{account}:vpc/{id}",
    "aws:ec2/subnet:Subnet": "ec2:{region}:{account}:subnet/{id}",
    "aws:ec2/securityGroup:SecurityGroup": "ec2:{region}:{account}:security-group/{id}",
    "aws:s3/bucket:Bucket": "s3:::{id}",
    "aws:s3/bucketV2:BucketV2": "s3:::{id}",
    "aws:iam/role:Role": "iam::{account}:role/{name}",
    "aws:iam/policy:Policy": "iam::{account}:policy/{name}",
    "aws:iam/instanceProfile:InstanceProfile": "iam::{account}:instance-profile/{name}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/{id}",
    "aws:kms/alias:Alias": "kms:{region}:{account}:{name}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{name}",
    "aws:sqs/queue:Queue": "sqs:{region}:{account}:{name}",
    "aws:lambda/function:Function": "lambda:{region}:{account}:function:{name}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:{region}:{account}:secret:{name}-AbCdEf",
    "aws:ssm/parameter:Parameter": "ssm:{region}:{account}:parameter/{name}",
    "aws:route53/zone:Zone": "route53:::hostedzone/{id}",
    "aws:elasticache/replicationGroup:ReplicationGroup":
        "elasticache:{region}:{account}:replicationgroup:{name}",
    "aws:elasticache/parameterGroup:ParameterGroup":
        "elasticache:{region}:{account}:parametergroup:{name}",
    "aws:elasticache/subnetGroup:SubnetGroup": "elasticache:{region}:{account}:subnetgroup:{name}",
    "aws:route53/healthCheck:HealthCheck": "route53:::healthcheck/{id}",
    "aws:rds/cluster:Cluster": "rds:{region}:{account}:cluster:{name}",
    "aws:rds/globalCluster:GlobalCluster": "rds::{account}:global-cluster:{name}",
    "aws:cloudfront/distribution:Distribution": "cloudfront::{account}:distribution/{id}",
    "aws:acm/certificate:Certificate": "acm:{region}:{account}:certificate/{uuid}",
    "aws:eks/cluster:Cluster": "eks:{region}:{account}:cluster/{name}",
};

const EKS_CLUSTER = "aws:eks/cluster:Cluster";

/** Balancers: network ones and application ones differ in path and zone. */
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";

/** Route 53 zones of load balancers, as documented in "Elastic Load Balancing endpoints and quotas". */
const BALANCER_ZONES: Record<string, { application: string; network: string }> = {
    "us-east-1": { application: "Z35SXDOTRQ7X7K", network: "Z26RNL4JYFTOTI" },
    "us-east-2": { application: "Z3AADJGX6KTTL2", network: "ZLMOA37VPKANP" },
    "us-west-2": { application: "Z1H1FL5HABSF5", network: "Z18D5FSROUN65G" },
    "eu-west-1": { application: "Z32O12XQLNTSW2", network: "Z2IFOLAFXWLO4F" },
    "eu-central-1": { application: "Z215JYRZR1TBD5", network: "Z3F0SRJ5LGBH90" },
    "ap-northeast-1": { application: "Z14GRHDCWA56QT", network: "Z31USIVHYNEOWT" },
    "ap-northeast-2": { application: "ZWKZPGTI48KDX", network: "ZIBE1TIR4HY56" },
};

/**
 * What a cloud computes inside of what a program gives. SDKs declare outputs of a resource alone, so the few that programs
 * read are named here: by type and property, with the value under `--up`.
 */
const INSIDE: Record<string, Record<string, (hash: string) => Record<string, Value>>> = {
    "aws:eks/cluster:Cluster": {
        vpcConfig: (hash) => ({
            clusterSecurityGroupId: `sg-${hash.slice(0, 17)}`,
            vpcId: `vpc-${hash.slice(17, 34)}`,
        }),
    },
};

/** Whether a cloud completes properties of this type that a program gives. */
export const isCompleted = (type: string): boolean => type in INSIDE;

/** Properties that a program gives and a cloud completes, completed; unknown inside unless `up`. */
export function completed(state: ResourceState, up: boolean): Properties {
    const found = Object.entries(INSIDE[state.type] ?? {}).flatMap(([property, inside]) => {
        const given = state.inputs[property];
        if (!isObject(given)) return [];
        const computed = inside(hashOf(state.urn));
        const values = up ? computed : mapValues(computed, () => UNKNOWN);
        return [[property, { ...values, ...given }] as const];
    });
    return Object.fromEntries(found);
}

function mapValues(from: Record<string, Value>, to: (value: Value) => Value) {
    return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value)]));
}

/** The id a resource would get, fixed by its URN: the same in every run. */
export function plausibleId(state: ResourceState): string {
    const hash = hashOf(state.urn);
    const prefix = ID_PREFIXES[state.type];
    if (prefix === "") return uuidOf(hash);
    if (prefix !== undefined) return `${prefix}${hash.slice(0, 17)}`;
    if (state.type === "aws:route53/zone:Zone") return `Z${hash.slice(0, 20).toUpperCase()}`;
    if (state.type === "aws:cloudfront/distribution:Distribution") {
        return `E${hash.slice(0, 13).toUpperCase()}`;
    }
    return state.type.startsWith("aws:lb/") || state.type === "aws:sns/topic:Topic"
        ? (arnOf(state) ?? physicalNameOf(state))
        : physicalNameOf(state);
}

/** Values for those computed outputs whose name says what they hold; the others stay unknown. */
export function plausibleOutputs(state: ResourceState, computed: OutputProperty[]): Properties {
    if (!state.type.startsWith("aws:")) return {};
    const region = regionOf(state);
    const name = physicalNameOf(state);
    const hash = hashOf(state.urn);
    const network = state.inputs["loadBalancerType"] === "network";
    const zones = BALANCER_ZONES[region];
    const candidates: Record<string, Value | undefined> = {
        arn: arnOf(state),
        arnSuffix: arnOf(state)
            ?.split(/:(?:loadbalancer\/)?(?=[^:]*$)/)
            .pop(),
        name,
        region,
        tagsAll: state.inputs["tags"] ?? {},
        ownerId: ACCOUNT,
        dnsName: state.type === BALANCER ? balancerName(name, hash, region, network) : undefined,
        zoneId:
            state.type === BALANCER
                ? zones?.[network ? "network" : "application"]
                : state.type === "aws:route53/zone:Zone"
                  ? state.id
                  : undefined,
        keyId: state.type === "aws:kms/key:Key" ? state.id : undefined,
        latestVersion: state.type === "aws:ec2/launchTemplate:LaunchTemplate" ? 1 : undefined,
        defaultVersion: state.type === "aws:ec2/launchTemplate:LaunchTemplate" ? 1 : undefined,
        bucket: state.type.startsWith("aws:s3/bucket") ? name : undefined,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        configurationEndpointAddress: `clustercfg.${name}.${hash.slice(0, 6)}.use1.cache.amazonaws.com`,
        primaryEndpointAddress: `master.${name}.${hash.slice(0, 6)}.use1.cache.amazonaws.com`,
        readerEndpointAddress: `replica.${name}.${hash.slice(0, 6)}.use1.cache.amazonaws.com`,
        endpoint: endpointOf(state, name, hash, region),
        // Any text in base64: no certificate is made up.
        certificateAuthority:
            state.type === EKS_CLUSTER
                ? { data: Buffer.from(`certificate authority of ${name}`).toString("base64") }
                : undefined,
        domainName:
            state.type === "aws:cloudfront/distribution:Distribution"
                ? `d${hash.slice(0, 13)}.cloudfront.net`
                : undefined,
        replicationGroupId: name,
        globalReplicationGroupId:
            state.type === "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
                ? state.id
                : undefined,
        clusterIdentifier: name,
        securityGroupRuleId: state.id,
        allocationId: state.id,
        secretArn: state.inputs["secretId"],
        publicIp: state.type === "aws:ec2/eip:Eip" ? "192.0.2.1" : undefined,
        uniqueId: state.type.startsWith("aws:iam/")
            ? `AROA${hash.slice(0, 16).toUpperCase()}`
            : undefined,
    };
    const known = computed
        .map(({ name: output }) => [output, candidates[output]] as const)
        .filter((entry): entry is [string, Value] => entry[1] !== undefined);
    return Object.fromEntries(known);
}

function endpointOf(state: ResourceState, name: string, hash: string, region: string) {
    if (state.type === EKS_CLUSTER) {
        return `https://${hash.slice(0, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`;
    }
    return state.type.startsWith("aws:rds/")
        ? `${name}.cluster-${hash.slice(0, 12)}.${region}.rds.amazonaws.com`
        : undefined;
}

function arnOf(state: ResourceState): string | undefined {
    const hash = hashOf(state.urn);
    const region = regionOf(state);
    const name = physicalNameOf(state);
    const place = `elasticloadbalancing:${region}:${ACCOUNT}`;
    const kind = state.inputs["loadBalancerType"] === "network" ? "net" : "app";
    if (state.type === BALANCER)
        return `arn:aws:${place}:loadbalancer/${kind}/${name}/${hash.slice(0, 16)}`;
    if (state.type === TARGET_GROUP)
        return `arn:aws:${place}:targetgroup/${name}/${hash.slice(0, 16)}`;
    if (state.type === LISTENER) {
        const balancer = state.inputs["loadBalancerArn"];
        return typeof balancer === "string" && balancer.startsWith("arn:")
            ? `${balancer.replace(":loadbalancer/", ":listener/")}/${hash.slice(16, 32)}`
            : undefined;
    }
    const shape = ARN_SHAPES[state.type];
    if (!shape) return undefined;
    const parts: Record<string, () => string> = {
        region: () => region,
        account: () => ACCOUNT,
        name: () => name,
        // Asked for only where the form has it: some ids are the ARN itself.
        id: () => state.id ?? plausibleId(state),
        uuid: () => uuidOf(hash),
    };
    const filled = shape.replace(/\{(\w+)\}/g, (_, part: string) => parts[part]?.() ?? "");
    return `arn:aws:${filled.replace("parameter//", "parameter/")}`;
}

/** The name given, or the one that Pulumi's autonaming would make: the logical name and seven digits. */
function physicalNameOf(state: ResourceState): string {
    for (const property of ["name", "bucket", "replicationGroupId", "clusterIdentifier"]) {
        const given = state.inputs[property];
        if (typeof given === "string" && !containsUnknown(given)) return given;
    }
    return `${nameOf(state.urn)}-${hashOf(state.urn).slice(0, 7)}`;
}

function regionOf(state: ResourceState): string {
    const region = state.inputs["region"];
    return typeof region === "string" && !containsUnknown(region) ? region : DEFAULT_REGION;
}

function balancerName(name: string, hash: string, region: string, network: boolean): string {
    const digits = hash.slice(0, network ? 16 : 10);
    return network
        ? `${name}-${digits}.elb.${region}.amazonaws.com`
        : `${name}-${digits}.${region}.elb.amazonaws.com`;
}

function hashOf(urn: string): string {
    return createHash("sha256").update(urn).digest("hex");
}

function uuidOf(hash: string): string {
    return [
        hash.slice(0, 8),
        hash.slice(8, 12),
        hash.slice(12, 16),
        hash.slice(16, 20),
        hash.slice(20, 32),
    ].join("-");
}
