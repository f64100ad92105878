import * as assert from "node:assert/strict";
import {
    KubernetesCluster,
    type KubernetesClusterArgs,
    LoadBalancerController,
} from "logcaster-scaling/kubernetes";
import { misplaced, orphans } from "../placed";
import { type Values, record } from "../recorder";

const NAME = "logcaster-test";
const CLUSTER = "aws:eks/cluster:Cluster";
const ADDON = "aws:eks/addon:Addon";
const GROUP = "aws:autoscaling/group:Group";
const ENTRY = "aws:eks/accessEntry:AccessEntry";

const ARGS: KubernetesClusterArgs = {
    region: "ap-northeast-2",
    version: "1.36",
    vpcId: "vpc-1",
    vpcCidr: "10.40.0.0/16",
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    zones: ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"],
    adminRoleArns: ["arn:aws:iam::123456789012:role/deployer"],
    nodeGroups: { service: { tier: "medium", minPerZone: 1, maxPerZone: 6 } },
    imageId: "ami-0123456789abcdef0",
};

/** What EKS computes of a cluster. */
const computed = (type: string, _name: string, inputs: Values): Values =>
    type === CLUSTER
        ? {
              endpoint: "https://EXAMPLE.gr7.ap-northeast-2.eks.amazonaws.com",
              certificateAuthority: { data: "Q0E=" },
              vpcConfig: { ...(inputs.vpcConfig as object), clusterSecurityGroupId: "sg-cluster" },
          }
        : {};

const create = (changes: Partial<KubernetesClusterArgs> = {}, name = NAME) =>
    record(() => new KubernetesCluster(name, { ...ARGS, ...changes }), { outputs: computed });

describe("KubernetesCluster", () => {
    let recording: Awaited<ReturnType<typeof create>>;
    before(async () => {
        recording = await create();
    });

    it("logs all that the control plane says, encrypted, kept a year, before there is a cluster", () => {
        const { inputs, opts } = recording.one(CLUSTER);
        assert.deepEqual(inputs.enabledClusterLogTypes, [
            "api",
            "audit",
            "authenticator",
            "controllerManager",
            "scheduler",
        ]);
        const logs = recording.one("aws:cloudwatch/logGroup:LogGroup");
        assert.deepEqual(
            [logs.inputs.name, logs.inputs.retentionInDays, logs.inputs.kmsKeyId],
            [
                `/aws/eks/${NAME}/cluster`,
                365,
                `arn:aws:kms:ap-northeast-2:123456789012:key/${NAME}-logs-key`,
            ],
        );
        assert.ok(opts.dependencies.includes(logs.urn));
    });

    it("encrypts secrets with a key that rotates, and may use that key alone", () => {
        const key = recording.one("aws:kms/key:Key", `${NAME}-key`);
        assert.equal(key.inputs.enableKeyRotation, true);
        const arn = `arn:aws:kms:ap-northeast-2:123456789012:key/${NAME}-key`;
        assert.deepEqual(recording.one(CLUSTER).inputs.encryptionConfig, {
            resources: ["secrets"],
            provider: { keyArn: arn },
        });
        const policy = recording.one("aws:iam/rolePolicy:RolePolicy", `${NAME}-key-use`);
        const { Statement } = JSON.parse(String(policy.inputs.policy)) as {
            Statement: { Resource: string }[];
        };
        assert.deepEqual(
            Statement.map(({ Resource }) => Resource),
            [arn],
        );
    });

    it("is reached from the VPC alone, unless blocks are named", async () => {
        const vpcConfig = (r: typeof recording) => r.one(CLUSTER).inputs.vpcConfig;
        const subnetIds = ARGS.subnetIds;
        assert.deepEqual(vpcConfig(recording), {
            subnetIds,
            endpointPrivateAccess: true,
            endpointPublicAccess: false,
        });
        const endpoint = { public: true, cidrs: ["203.0.113.0/24"] };
        assert.deepEqual(vpcConfig(await create({ endpoint })), {
            subnetIds,
            endpointPrivateAccess: true,
            endpointPublicAccess: true,
            publicAccessCidrs: ["203.0.113.0/24"],
        });
    });

    it("records on the cluster why everybody reaches it", async () => {
        const endpoint = { public: true, cidrs: ["0.0.0.0/0"], worldReason: "Workshop of a day" };
        const tags = (await create({ endpoint })).one(CLUSTER).inputs.tags as Values;
        assert.equal(tags["logcaster:open-to-the-world"], "Workshop of a day");
    });

    it("admits by access entries: named administrators and nodes, not whoever made it", () => {
        assert.deepEqual(recording.one(CLUSTER).inputs.accessConfig, {
            authenticationMode: "API",
            bootstrapClusterCreatorAdminPermissions: false,
        });
        assert.deepEqual(
            recording
                .of(ENTRY)
                .map(({ inputs }) => [inputs.principalArn, inputs.type])
                .sort(),
            [
                ["arn:aws:iam::123456789012:role/deployer", undefined],
                ...["a", "b", "c"].map((zone) => [
                    `arn:aws:iam::123456789012:role/${NAME}-service-${zone}-role`,
                    "EC2_LINUX",
                ]),
            ],
        );
        const { inputs } = recording.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation");
        assert.deepEqual(
            [inputs.principalArn, inputs.policyArn, inputs.accessScope],
            [
                "arn:aws:iam::123456789012:role/deployer",
                "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                { type: "cluster" },
            ],
        );
    });

    it("has the four add-ons in pinned versions, network policies enforced", () => {
        assert.deepEqual(
            recording.of(ADDON).map(({ inputs }) => [inputs.addonName, inputs.addonVersion]),
            [
                ["eks-pod-identity-agent", "v1.3.10-eksbuild.3"],
                ["kube-proxy", "v1.36.0-eksbuild.21"],
                ["vpc-cni", "v1.22.4-eksbuild.3"],
                ["coredns", "v1.14.3-eksbuild.16"],
            ],
        );
        const cni = recording.one(ADDON, `${NAME}-vpc-cni`);
        assert.deepEqual(JSON.parse(String(cni.inputs.configurationValues)), {
            enableNetworkPolicy: "true",
        });
    });

    it("takes other versions where they are given", async () => {
        const versions = {
            vpcCni: "v1.21.1-eksbuild.3",
            coredns: "v1.13.2-eksbuild.1",
            kubeProxy: "v1.35.0-eksbuild.2",
            podIdentityAgent: "v1.3.10-eksbuild.2",
        };
        const older = await create({ version: "1.35", addonVersions: versions });
        assert.deepEqual(
            older
                .of(ADDON)
                .map(({ inputs }) => String(inputs.addonVersion))
                .sort(),
            Object.values(versions).sort(),
        );
        assert.equal(older.one(CLUSTER).inputs.version, "1.35");
    });

    it("gives pods volumes where it is told to, by a driver with a role of its own", async () => {
        const EBS = `${NAME}-aws-ebs-csi-driver`;
        assert.ok(!recording.of(ADDON).some(({ name }) => name === EBS));
        const { inputs } = (await create({ blockStorage: true })).one(ADDON, EBS);
        assert.equal(inputs.addonVersion, "v1.63.1-eksbuild.1");
        assert.deepEqual(inputs.podIdentityAssociations, [
            {
                serviceAccount: "ebs-csi-controller-sa",
                roleArn: `arn:aws:iam::123456789012:role/${NAME}-ebs-role`,
            },
        ]);
    });

    it("starts nodes after what pods on them need, and name service after the nodes", () => {
        const urn = (addon: string) => recording.one(ADDON, `${NAME}-${addon}`).urn;
        // A component's children wait for what it depends on.
        for (const fleet of recording.of("logcaster-scaling:index:AutoscalingFleet")) {
            const { dependencies } = fleet.opts;
            for (const addon of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) {
                assert.ok(dependencies.includes(urn(addon)), `${fleet.name} after ${addon}`);
            }
        }
        const coredns = recording.one(ADDON, `${NAME}-coredns`);
        for (const group of recording.of(GROUP)) {
            assert.ok(coredns.opts.dependencies.includes(group.urn), group.name);
        }
    });

    it("has of each node group one of each zone, in the zone's subnet, known to the autoscaler while empty", () => {
        const groups = recording.of(GROUP).map(({ inputs }) => {
            const tags = inputs.tags as { key: string; value: string }[];
            const of = (key: string) => tags.find((tag) => tag.key === key)?.value;
            return [
                inputs.name,
                inputs.vpcZoneIdentifiers,
                [inputs.minSize, inputs.desiredCapacity, inputs.maxSize],
                of("k8s.io/cluster-autoscaler/node-template/label/topology.kubernetes.io/zone"),
                of(`k8s.io/cluster-autoscaler/${NAME}`),
            ];
        });
        assert.deepEqual(
            groups,
            ["a", "b", "c"].map((zone) => [
                `${NAME}-service-${zone}`,
                [`subnet-${zone}`],
                [1, 1, 6],
                `ap-northeast-2${zone}`,
                "owned",
            ]),
        );
        // One topic, with its key, hears of them all.
        assert.equal(recording.of("aws:sns/topic:Topic").length, 1);
    });

    it("gives nodes no right that the network plugin's pods have themselves", () => {
        const policies = recording
            .of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            .filter(({ name }) => name.startsWith(`${NAME}-service-a`))
            .map(({ inputs }) => String(inputs.policyArn).split("/").at(-1));
        assert.deepEqual(policies.sort(), [
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonEKSWorkerNodePolicy",
        ]);
        const { inputs } = recording.one(ADDON, `${NAME}-vpc-cni`);
        assert.deepEqual(inputs.podIdentityAssociations, [
            {
                serviceAccount: "aws-node",
                roleArn: `arn:aws:iam::123456789012:role/${NAME}-cni-role`,
            },
        ]);
    });

    it("says how to reach it without a secret", () => {
        const { kubeconfig, securityGroupId } = recording.one(
            "logcaster-scaling:index:KubernetesCluster",
        ).registeredOutputs!;
        const config = JSON.parse(String(kubeconfig)) as {
            clusters: { cluster: object }[];
            users: { user: { exec: { args: string[] } } }[];
        };
        assert.deepEqual(config.clusters[0]!.cluster, {
            server: "https://EXAMPLE.gr7.ap-northeast-2.eks.amazonaws.com",
            "certificate-authority-data": "Q0E=",
        });
        assert.deepEqual(config.users[0]!.user.exec.args, [
            "eks",
            "get-token",
            "--cluster-name",
            NAME,
            "--region",
            "ap-northeast-2",
        ]);
        assert.equal(securityGroupId, "sg-cluster");
    });

    it("protects key, logs and cluster, and AWS refuses to delete it", async () => {
        const protectedNow = recording.resources.filter((r) => r.opts.protect).map((r) => r.name);
        assert.deepEqual(protectedNow, [`${NAME}-key`, `${NAME}-logs-key`, `${NAME}-logs`, NAME]);
        assert.equal(recording.one(CLUSTER).inputs.deletionProtection, true);
        const open = await create({ protect: false });
        assert.deepEqual(
            open.resources.filter((r) => r.opts.protect),
            [],
        );
        assert.equal(open.one(CLUSTER).inputs.deletionProtection, false);
    });

    it("places everything in its region and under itself", () => {
        assert.deepEqual(misplaced(recording.resources, "ap-northeast-2"), []);
        // Node groups have children of their own.
        const own = recording.resources.filter(
            ({ name, type }) => !name.includes("-service-") || type === ENTRY,
        );
        assert.deepEqual(orphans(own, NAME), []);
    });

    const REFUSED: [string, Partial<KubernetesClusterArgs>, RegExp][] = [
        ["a patch version", { version: "1.36.1" }, /version is "1.36.1"; allowed: a minor version/],
        [
            "a minor without pinned add-ons",
            { version: "1.34" },
            /addonVersions\.vpcCni is missing; allowed: .* with Kubernetes 1\.34/,
        ],
        [
            "a kube-proxy of another minor",
            { addonVersions: { kubeProxy: "v1.35.0-eksbuild.2" } },
            /addonVersions\.kubeProxy is "v1\.35\.0-eksbuild\.2"; allowed: v1\.36\.x, the cluster's minor/,
        ],
        [
            "everybody without a reason",
            { endpoint: { public: true, cidrs: ["0.0.0.0/0"] } },
            /endpoint\.cidrs\[0\] is "0\.0\.0\.0\/0"; allowed: .* endpoint\.worldReason/,
        ],
        ["a public endpoint for nobody", { endpoint: { public: true } }, /endpoint\.cidrs is \[\]/],
        [
            "blocks of a private endpoint",
            { endpoint: { cidrs: ["203.0.113.0/24"] } },
            /endpoint\.cidrs is .*allowed: none, or endpoint\.public: true/,
        ],
        ["nobody as administrator", { adminRoleArns: [] }, /adminRoleArns is \[\]/],
        [
            "an administrator without an ARN",
            { adminRoleArns: ["me"] },
            /adminRoleArns\[0\] is "me"/,
        ],
        [
            "services inside the VPC",
            { serviceCidr: "10.40.128.0/20" },
            /serviceCidr is "10\.40\.128\.0\/20"; allowed: a block that does not overlap/,
        ],
        [
            "services of too few addresses",
            { serviceCidr: "172.20.0.0/26" },
            /prefix of \/12 to \/24/,
        ],
        ["logs of 100 days", { logDays: 100 }, /logDays is 100; allowed: one of 1, 3, 5/],
        ["no node group", { nodeGroups: {} }, /nodeGroups is \{\}; allowed: at least one/],
        [
            "no node that is always there",
            { nodeGroups: { batch: { tier: "small", minPerZone: 0, maxPerZone: 3 } } },
            /nodeGroups is \["batch"\]; allowed: one node group with minPerZone of at least 1/,
        ],
        [
            "a minimum above the maximum",
            { nodeGroups: { service: { tier: "small", minPerZone: 4, maxPerZone: 3 } } },
            /nodeGroups\.service\.minPerZone is 4; allowed: at most maxPerZone, which is 3/,
        ],
        [
            "a name that makes roles' names too long",
            {
                nodeGroups: {
                    service: { tier: "small", minPerZone: 1, maxPerZone: 1 },
                    ["long".repeat(4)]: { tier: "small", minPerZone: 0, maxPerZone: 1 },
                },
            },
            /nodeGroups\.longlonglonglong is "l.*longlonglonglong-a"; allowed: 51 characters/,
        ],
        ["one zone", { zones: ["ap-northeast-2a"] }, /zones is \["ap-northeast-2a"\]/],
    ];
    for (const [what, changes, message] of REFUSED) {
        it(`refuses ${what}`, async () => {
            const name = what.startsWith("a name") ? `logcaster-${"x".repeat(28)}` : NAME;
            await assert.rejects(create(changes, name), (error: Error) => {
                assert.match(error.message, message);
                return true;
            });
        });
    }
});

describe("LoadBalancerController", () => {
    const args = { region: "ap-northeast-2", clusterName: NAME, vpcId: "vpc-1" };
    const RELEASE = "kubernetes:helm.sh/v3:Release";

    it("binds pods to target groups and makes nothing of its own", async () => {
        const recording = await record(() => new LoadBalancerController("lb", args));
        const values = recording.one(RELEASE).inputs.values as Values;
        assert.deepEqual(
            [values.createIngressClassResource, values.enableServiceMutatorWebhook],
            [false, false],
        );
        assert.deepEqual(
            [values.clusterName, values.region, values.vpcId],
            [NAME, "ap-northeast-2", "vpc-1"],
        );
        const { policy } = recording.one("aws:iam/rolePolicy:RolePolicy").inputs;
        const { Statement } = JSON.parse(String(policy)) as {
            Statement: { Action: string[]; Condition?: { StringEquals: object } }[];
        };
        const changing = Statement.flatMap(({ Action }) => Action).filter(
            (action) => !/:Describe/.test(action),
        );
        assert.deepEqual(changing.sort(), [
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress",
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:RegisterTargets",
        ]);
        assert.deepEqual(Statement.at(-1)!.Condition!.StringEquals, {
            [`aws:ResourceTag/kubernetes.io/cluster/${NAME}`]: "owned",
        });
    });

    it("wears its role by pod identity before it starts", async () => {
        const recording = await record(() => new LoadBalancerController("lb", args));
        const identity = recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation");
        assert.deepEqual(
            [identity.inputs.namespace, identity.inputs.serviceAccount],
            ["kube-system", "aws-load-balancer-controller"],
        );
        assert.ok(recording.one(RELEASE).opts.dependencies.includes(identity.urn));
    });

    it("refuses what is no version of a chart, and too many pods, at once", async () => {
        await assert.rejects(
            record(
                () =>
                    new LoadBalancerController("lb", {
                        ...args,
                        chartVersion: "latest",
                        replicas: 9,
                    }),
            ),
            /chartVersion is "latest".*\nreplicas is 9/,
        );
    });
});
