import * as assert from "node:assert/strict";
import { ClusterAutoscaler, type ClusterAutoscalerArgs } from "logcaster-scaling/kubernetes";
import { autoscalerProblems } from "logcaster-scaling/kubernetes/cluster-autoscaler/validate";
import { record } from "../recorder";

const ARGS: ClusterAutoscalerArgs = {
    region: "ap-northeast-2",
    clusterName: "logcaster",
    kubernetesMinor: "1.36",
};
const create = (args: Partial<ClusterAutoscalerArgs> = {}) =>
    record(() => new ClusterAutoscaler("autoscaler", { ...ARGS, ...args }));
const PROVIDER = {
    arn: "arn:aws:iam::1:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/A",
    issuer: "oidc.eks.ap-northeast-2.amazonaws.com/id/A",
};

interface Statement {
    Action: string | string[];
    Resource: string;
    Condition: Record<string, Record<string, string>>;
}

describe("ClusterAutoscaler", () => {
    it("has exactly these children, all its own", async () => {
        const recording = await create();
        const component = recording.one("logcaster-scaling:index:ClusterAutoscaler");
        const children = recording.resources.filter((r) => r !== component);
        assert.deepEqual(children.map(({ type }) => type).sort(), [
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "aws:iam/role:Role",
            "aws:iam/rolePolicy:RolePolicy",
            "kubernetes:apps/v1:Deployment",
            "kubernetes:core/v1:ServiceAccount",
            "kubernetes:policy/v1:PodDisruptionBudget",
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
            "kubernetes:rbac.authorization.k8s.io/v1:Role",
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        ]);
        for (const child of children) assert.equal(child.parent, component.urn, child.name);
        const identity = recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation");
        assert.equal(identity.inputs.region, "ap-northeast-2");
        assert.equal(identity.inputs.serviceAccount, "cluster-autoscaler");
    });

    it("runs the brief's flags from the registry that is alive, in the cluster's minor version", async () => {
        const recording = await create();
        const { template } = recording.one("kubernetes:apps/v1:Deployment").inputs.spec as {
            template: {
                spec: {
                    priorityClassName: string;
                    containers: {
                        image: string;
                        command: string[];
                        env: object[];
                        resources: object;
                    }[];
                };
            };
        };
        const [container] = template.spec.containers;
        assert.equal(container!.image, "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0");
        assert.deepEqual(container!.command, [
            "./cluster-autoscaler",
            "--v=4",
            "--stderrthreshold=info",
            "--cloud-provider=aws",
            "--skip-nodes-with-local-storage=false",
            "--expander=least-waste",
            "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/logcaster",
            "--balance-similar-node-groups",
            "--skip-nodes-with-system-pods=false",
            "--address=:8085",
        ]);
        assert.deepEqual(container!.env, [{ name: "AWS_REGION", value: "ap-northeast-2" }]);
        assert.deepEqual(container!.resources, {
            requests: { cpu: "100m", memory: "600Mi" },
            limits: { memory: "600Mi" },
        });
        assert.equal(template.spec.priorityClassName, "system-cluster-critical");
    });

    it("changes only auto scaling groups that carry the cluster's tag", async () => {
        const recording = await create();
        const policy = JSON.parse(
            String(recording.one("aws:iam/rolePolicy:RolePolicy").inputs.policy),
        ) as { Statement: Statement[] };
        const [read, change] = policy.Statement;
        for (const action of read!.Action) assert.match(action, /:(Describe|Get)/);
        assert.deepEqual(change!.Action, [
            "autoscaling:SetDesiredCapacity",
            "autoscaling:TerminateInstanceInAutoScalingGroup",
        ]);
        assert.equal(change!.Resource, "arn:aws:autoscaling:ap-northeast-2:*:autoScalingGroup:*");
        assert.deepEqual(change!.Condition, {
            StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/logcaster": "owned" },
        });
    });

    it("by IRSA trusts its one service account and needs no association", async () => {
        const recording = await create({ identity: "irsa", oidcProvider: PROVIDER });
        assert.deepEqual(recording.of("aws:eks/podIdentityAssociation:PodIdentityAssociation"), []);
        const trust = JSON.parse(
            String(recording.one("aws:iam/role:Role").inputs.assumeRolePolicy),
        ) as { Statement: Statement[] };
        assert.deepEqual(trust.Statement[0]!.Condition, {
            StringEquals: {
                [`${PROVIDER.issuer}:sub`]: "system:serviceaccount:kube-system:cluster-autoscaler",
                [`${PROVIDER.issuer}:aud`]: "sts.amazonaws.com",
            },
        });
        const { metadata } = recording.one("kubernetes:core/v1:ServiceAccount").inputs as {
            metadata: { annotations: Record<string, string> };
        };
        assert.ok(metadata.annotations["eks.amazonaws.com/role-arn"]);
    });

    const mistakes: [string, Partial<ClusterAutoscalerArgs>, string, RegExp][] = [
        [
            "another minor than the cluster's",
            { version: "1.27.0" },
            "version",
            /1\.36\.x, the cluster's minor/,
        ],
        ["a version that is none", { version: "latest" }, "version", /such as 1\.36\.0/],
        ["a minor that is none", { kubernetesMinor: "36" }, "kubernetesMinor", /such as 1\.36/],
        [
            "a retired registry",
            { repository: "k8s.gcr.io/autoscaling/cluster-autoscaler" },
            "repository",
            /registry\.k8s\.io/,
        ],
        ["IRSA without a provider", { identity: "irsa" }, "oidcProvider", /OIDC provider/],
        ["no cluster", { clusterName: "" }, "clusterName", /name/],
        ["four pods", { replicas: 4 }, "replicas", /1 to 3/],
    ];
    for (const [mistake, args, path, allowed] of mistakes) {
        it(`refuses ${mistake}`, () => {
            const problems = autoscalerProblems({ ...ARGS, ...args });
            assert.deepEqual(
                problems.map((problem) => problem.path),
                [path],
            );
            assert.match(problems[0]!.allowed, allowed);
        });
    }
});
