import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { NatMode, Network, type NetworkArgs } from "logcaster-scaling/network";
import { names, misplaced, orphans } from "../placed";
import { type Recording, record } from "../recorder";

const REGION = "eu-west-1";
const ARGS: NetworkArgs = {
    region: REGION,
    cidr: "10.8.0.0/16",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
};
const create = (args: Partial<NetworkArgs> = {}) =>
    record(() => new Network("net", { ...ARGS, ...args }));
let made: ReturnType<typeof create> | undefined;
/** The graph of the arguments as they are, recorded once: no test changes it. */
const plain = () => (made ??= create());

const T = {
    vpc: "aws:ec2/vpc:Vpc",
    subnet: "aws:ec2/subnet:Subnet",
    route: "aws:ec2/route:Route",
    table: "aws:ec2/routeTable:RouteTable",
    association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    nat: "aws:ec2/natGateway:NatGateway",
    eip: "aws:ec2/eip:Eip",
    endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
    flowLog: "aws:ec2/flowLog:FlowLog",
    defaultGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    group: "aws:ec2/securityGroup:SecurityGroup",
    ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    logGroup: "aws:cloudwatch/logGroup:LogGroup",
    key: "aws:kms/key:Key",
    keyPolicy: "aws:kms/keyPolicy:KeyPolicy",
    role: "aws:iam/role:Role",
    rolePolicy: "aws:iam/rolePolicy:RolePolicy",
} as const;

/** What each zone's private subnet has as its way out. */
const waysOut = (r: Recording<unknown>) =>
    Object.fromEntries(
        r
            .of(T.route)
            .filter((route) => route.name.includes("private"))
            .map((route) => [route.name, route.inputs.natGatewayId]),
    );

describe("Network", () => {
    it("makes every child its own, in its region", async () => {
        const r = await create({ interfaceEndpoints: true });
        assert.deepEqual(orphans(r.resources, "net"), []);
        assert.deepEqual(misplaced(r.resources, REGION), []);
        assert.equal(r.one("logcaster-scaling:index:Network").name, "net");
    });

    it("places a public, a private and an isolated subnet in each zone, none giving public addresses", async () => {
        const r = await plain();
        assert.deepEqual(
            r
                .of(T.subnet)
                .map(({ name, inputs: i }) => [
                    name,
                    i.availabilityZone,
                    i.cidrBlock,
                    i.mapPublicIpOnLaunch,
                ])
                .sort(),
            [
                ["net-isolated-eu-west-1a", "eu-west-1a", "10.8.24.0/21", false],
                ["net-isolated-eu-west-1b", "eu-west-1b", "10.8.56.0/21", false],
                ["net-isolated-eu-west-1c", "eu-west-1c", "10.8.88.0/21", false],
                ["net-private-eu-west-1a", "eu-west-1a", "10.8.0.0/20", false],
                ["net-private-eu-west-1b", "eu-west-1b", "10.8.32.0/20", false],
                ["net-private-eu-west-1c", "eu-west-1c", "10.8.64.0/20", false],
                ["net-public-eu-west-1a", "eu-west-1a", "10.8.16.0/21", false],
                ["net-public-eu-west-1b", "eu-west-1b", "10.8.48.0/21", false],
                ["net-public-eu-west-1c", "eu-west-1c", "10.8.80.0/21", false],
            ],
        );
    });

    it("changes nothing of the other zones when one is added between them", async () => {
        const inputs = async (zones: string[]) =>
            new Map(
                (await create({ zones }))
                    .of(T.subnet)
                    .map((s) => [s.urn, JSON.stringify(s.inputs)]),
            );
        const before = await inputs(["eu-west-1a", "eu-west-1c"]);
        const after = await inputs(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
        assert.equal(after.size, 9);
        for (const [urn, value] of before) assert.equal(after.get(urn), value, urn);
    });

    it("routes each private subnet through its own zone's NAT gateway by default", async () => {
        const r = await plain();
        assert.deepEqual(waysOut(r), {
            "net-private-eu-west-1a": "net-nat-eu-west-1a-id",
            "net-private-eu-west-1b": "net-nat-eu-west-1b-id",
            "net-private-eu-west-1c": "net-nat-eu-west-1c-id",
        });
        assert.deepEqual(
            r
                .of(T.nat)
                .map((n) => [n.inputs.subnetId, n.inputs.allocationId])
                .sort(),
            ["a", "b", "c"].map((z) => [`net-public-eu-west-1${z}-id`, `net-nat-eu-west-1${z}-id`]),
        );
    });

    it("keeps the first zone's gateway, and no other, with a single NAT", async () => {
        const r = await create({ nat: NatMode.Single });
        assert.deepEqual(names(r.resources, T.nat), ["net-nat-eu-west-1a"]);
        assert.deepEqual(names(r.resources, T.eip), ["net-nat-eu-west-1a"]);
        assert.deepEqual([...new Set(Object.values(waysOut(r)))], ["net-nat-eu-west-1a-id"]);
        assert.equal(Object.keys(waysOut(r)).length, 3);
    });

    it("opens no way out of the isolated subnets, and without NAT none of the private ones", async () => {
        const r = await create({ nat: NatMode.None, interfaceEndpoints: true });
        assert.deepEqual(names(r.resources, T.route), ["net-public"]);
        assert.deepEqual(names(r.resources, T.nat), []);
        assert.equal(r.one(T.route).inputs.gatewayId, "net-internet-id");
        assert.deepEqual(
            r
                .of(T.association)
                .filter((a) => a.name.includes("isolated"))
                .map((a) => a.inputs.routeTableId),
            ["net-isolated-id", "net-isolated-id", "net-isolated-id"],
        );
    });

    it("leads to S3 from the private subnets without a gateway's price", async () => {
        const r = await plain();
        const { serviceName, vpcEndpointType, routeTableIds } = r.one(T.endpoint).inputs;
        assert.equal(serviceName, "com.amazonaws.eu-west-1.s3");
        assert.equal(vpcEndpointType, "Gateway");
        assert.deepEqual(
            routeTableIds,
            ["a", "b", "c"].map((z) => `net-private-eu-west-1${z}-id`),
        );
    });

    it("opens exactly the interface endpoints an instance boots through, to the VPC alone", async () => {
        const r = await create({ interfaceEndpoints: true });
        const interfaces = r.of(T.endpoint).filter((e) => e.inputs.vpcEndpointType === "Interface");
        assert.deepEqual(
            interfaces
                .map((e) => String(e.inputs.serviceName).replace("com.amazonaws.eu-west-1.", ""))
                .sort(),
            [
                "autoscaling",
                "ec2",
                "ec2messages",
                "ecr.api",
                "ecr.dkr",
                "logs",
                "monitoring",
                "secretsmanager",
                "ssm",
                "ssmmessages",
            ],
        );
        for (const { inputs } of interfaces) {
            assert.equal(inputs.privateDnsEnabled, true);
            assert.deepEqual(inputs.securityGroupIds, ["net-endpoints-id"]);
            assert.deepEqual(
                inputs.subnetIds,
                ["a", "b", "c"].map((z) => `net-private-eu-west-1${z}-id`),
            );
        }
        const { description, fromPort, toPort, ipProtocol, cidrIpv4 } = r.one(T.ingress).inputs;
        assert.deepEqual(
            { description, fromPort, toPort, ipProtocol, cidrIpv4 },
            {
                description: "HTTPS from the VPC",
                fromPort: 443,
                toPort: 443,
                ipProtocol: "tcp",
                cidrIpv4: "10.8.0.0/16",
            },
        );
    });

    it("closes the default security group", async () => {
        const { vpcId, ingress, egress } = (await plain()).one(T.defaultGroup).inputs;
        assert.deepEqual(
            { vpcId, ingress, egress },
            { vpcId: "net-vpc-id", ingress: [], egress: [] },
        );
    });

    it("writes every flow to a protected log group with a retention and a rotating key", async () => {
        const r = await create({ flowLogDays: 400 });
        const group = r.one(T.logGroup);
        const key = r.one(T.key);
        assert.equal(group.inputs.retentionInDays, 400);
        assert.match(
            String(group.inputs.kmsKeyId),
            /:key\/net-flow-logs-key$|Key\/net-flow-logs-key$/,
        );
        assert.equal(key.inputs.enableKeyRotation, true);
        assert.deepEqual([group.opts.protect, key.opts.protect], [true, true]);
        // CloudWatch refuses a group whose key does not admit it yet.
        assert.ok(group.opts.dependencies.includes(r.one(T.keyPolicy).urn));
        const { vpcId, trafficType, logDestinationType, logDestination } = r.one(T.flowLog).inputs;
        assert.deepEqual(
            { vpcId, trafficType, logDestinationType },
            { vpcId: "net-vpc-id", trafficType: "ALL", logDestinationType: "cloud-watch-logs" },
        );
        assert.match(String(logDestination), /logGroup\/net-flow-logs$/);
        const unprotected = await create({ protect: false });
        assert.deepEqual(
            unprotected.resources.filter((x) => x.opts.protect).map((x) => x.name),
            [],
        );
    });

    it("lets flow logs of its account write there, and nothing else", async () => {
        const r = await plain();
        const trust = JSON.parse(String(r.one(T.role).inputs.assumeRolePolicy)).Statement;
        assert.deepEqual(trust, [
            {
                Effect: "Allow",
                Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
            },
        ]);
        const [write, ...rest] = JSON.parse(String(r.one(T.rolePolicy).inputs.policy)).Statement;
        assert.deepEqual(rest, []);
        for (const resource of write.Resource)
            assert.match(resource, /logGroup\/net-flow-logs(:\*)?$/);
        const keyPolicy = JSON.parse(String(r.one(T.keyPolicy).inputs.policy)).Statement;
        assert.deepEqual(keyPolicy[1].Principal, { Service: "logs.eu-west-1.amazonaws.com" });
        assert.deepEqual(keyPolicy[1].Condition.ArnLike, {
            "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
        });
    });

    it("registers its outputs, subnets in the order of the zones", async () => {
        const r = await record(() => {
            const { vpcId, cidr, publicSubnetIds, privateSubnetIds, isolatedSubnetIds } =
                new Network("net", { ...ARGS, zones: ["eu-west-1c", "eu-west-1a"] });
            return { vpcId, cidr, publicSubnetIds, privateSubnetIds, isolatedSubnetIds };
        });
        assert.deepEqual(r.outputs, {
            vpcId: "net-vpc-id",
            cidr: "10.8.0.0/16",
            publicSubnetIds: ["net-public-eu-west-1c-id", "net-public-eu-west-1a-id"],
            privateSubnetIds: ["net-private-eu-west-1c-id", "net-private-eu-west-1a-id"],
            isolatedSubnetIds: ["net-isolated-eu-west-1c-id", "net-isolated-eu-west-1a-id"],
        });
        assert.deepEqual(r.one("logcaster-scaling:index:Network").registeredOutputs, r.outputs);
    });

    it("hands out a subnet only once its way out works", async () => {
        const urnsBehind = async (ids: (n: Network) => pulumi.Output<string[]>) => {
            const r = await record(async () => {
                const n = new Network("net", { ...ARGS, interfaceEndpoints: true });
                const behind = await (
                    ids(n) as unknown as { allResources(): Promise<Set<pulumi.Resource>> }
                ).allResources();
                return Promise.all(
                    [...behind].map((resource) =>
                        (resource.urn as unknown as { promise(): Promise<string> }).promise(),
                    ),
                );
            });
            return new Set(r.outputs.map((urn: string) => urn.split("::").slice(-2).join("::")));
        };
        const inPrivate = await urnsBehind((n) => n.privateSubnetIds);
        for (const needed of [
            `${T.route}::net-private-eu-west-1b`,
            `${T.association}::net-private-eu-west-1b`,
            `${T.endpoint}::net-s3`,
            `${T.endpoint}::net-ssm`,
            `${T.ingress}::net-endpoints-https`,
        ]) {
            assert.ok(
                [...inPrivate].some((urn) => urn.endsWith(needed.split("$").pop()!)),
                `${needed} not in ${[...inPrivate].join(", ")}`,
            );
        }
        const inPublic = await urnsBehind((n) => n.publicSubnetIds);
        assert.ok([...inPublic].some((urn) => urn.endsWith(`${T.route}::net-public`)));
    });

    it("creates nothing in an existing VPC and hands its ids on", async () => {
        const ids = (kind: string) =>
            Object.fromEntries(
                ARGS.zones.map((zone) => [zone, `subnet-${kind}-${zone.slice(-1)}`]),
            );
        const r = await record(() => {
            const n = new Network("net", {
                ...ARGS,
                existing: {
                    vpcId: "vpc-1",
                    publicSubnetIds: ids("public"),
                    privateSubnetIds: ids("private"),
                    isolatedSubnetIds: ids("isolated"),
                },
            });
            return { vpcId: n.vpcId, private: n.privateSubnetIds, isolated: n.isolatedSubnetIds };
        });
        assert.deepEqual(
            r.resources.map((x) => x.type),
            ["logcaster-scaling:index:Network"],
        );
        assert.deepEqual(r.outputs, {
            vpcId: "vpc-1",
            private: ["subnet-private-a", "subnet-private-b", "subnet-private-c"],
            isolated: ["subnet-isolated-a", "subnet-isolated-b", "subnet-isolated-c"],
        });
    });
});
