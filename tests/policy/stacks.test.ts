import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { previewPlan, type PreviewResult } from "logcaster-preview";
import { matches, type Exception } from "../../policy/exceptions";
import { DEFINITIONS } from "../../policy/policies";
import { TestStack } from "./stack";

// Our own stacks under the compiled pack, and the plan of prod broken in what only a stack policy can see: in a preview,
// where ids and names are not known yet.

const REPOSITORY = path.join(__dirname, "../..");
const PACK = path.join(REPOSITORY, "policy");
const PREVIEW_LIMIT_MS = 180_000;

const configOf = (stack: string) => path.join(PACK, "config", `${stack}.json`);

function preview(stack: string, ...config: string[]): Promise<PreviewResult> {
    return previewWith({ stack, config });
}

function previewWith(options: { stack: string; config?: string[]; tuned?: boolean }) {
    const { stack } = options;
    return previewPlan({
        ...options,
        cwd: REPOSITORY,
        policyPacks: [PACK],
        policyConfig: configOf(stack),
    });
}

/** The exceptions of a stack's policy configuration that excuse no resource of its plan. */
function unused(stack: string, { plan }: PreviewResult): string[] {
    const config = JSON.parse(fs.readFileSync(configOf(stack), "utf8")) as Record<
        string,
        string | { exceptions?: Exception[] }
    >;
    return Object.entries(config).flatMap(([policy, entry]) =>
        (typeof entry === "string" ? [] : (entry.exceptions ?? []))
            .filter(({ urn }) => !plan.steps.some((step) => matches(urn, step.urn)))
            .map(({ urn }) => `${policy}: ${urn}`),
    );
}

/** A plan as the engine hands it to stack policies. Resources are called by type and name. */
function stackOf({ plan }: PreviewResult): TestStack {
    const called = (urn: string) => urn.split("$").at(-1)!.split("::").slice(-2).join(" ");
    const stack = new TestStack();
    for (const { newState } of plan.steps) {
        const references = Object.entries(newState.propertyDependencies ?? {}).map(
            ([property, urns]) => [property, urns.map(called)] as const,
        );
        stack.add(
            newState.type,
            called(newState.urn),
            newState.outputs ?? {},
            Object.fromEntries(references),
        );
    }
    return stack;
}

describe("our own stacks", function () {
    this.timeout(PREVIEW_LIMIT_MS);
    let prod: PreviewResult;

    before(async () => {
        execFileSync("npm", ["run", "--silent", "build"], { cwd: PACK });
        prod = await preview("prod");
    });

    it("prod keeps every policy, and each of its exceptions excuses something", () => {
        assert.deepEqual(prod.violations, []);
        assert.equal(prod.exitCode, 0);
        assert.deepEqual(unused("prod", prod), []);
    });

    // What nodes are told names their cluster's endpoint, which is not known before the cluster is.
    for (const [stack, unjudged] of [
        ["dev", []],
        ["eks", ["logcaster-instance-keep-secrets-out-of-user-data"]],
    ] as const) {
        it(`${stack} keeps every policy that can be judged, and each of its exceptions excuses something`, async () => {
            const result = await preview(stack);
            const { violations, exitCode } = result;
            assert.deepEqual([...new Set(violations.map(({ policy }) => policy))], unjudged);
            const judged = violations.filter(({ message }) => !message.startsWith("can't run"));
            assert.deepEqual(judged, []);
            assert.equal(exitCode, 0);
            assert.deepEqual(unused(stack, result), []);
        });
    }

    it("prod has the same plan and findings without what the preview spares the SDK", async () => {
        const plain = await previewWith({ stack: "prod", tuned: false });
        assert.deepEqual(plain.plan.steps, prod.plan.steps);
        assert.deepEqual(plain.violations, prod.violations);
        assert.equal(plain.text, prod.text);
    });

    it("prod with a maximum that our settings take but its policies do not is refused, exit 1", async () => {
        const result = await preview("prod", "logcaster:scaling.max=40");
        assert.equal(result.exitCode, 1);
        assert.deepEqual(
            result.violations.map(({ policy, level, urn, message }) => [
                policy,
                level,
                urn.split("::").at(-1),
                message.split("\n").at(-1),
            ]),
            ["ap-northeast-1", "eu-west-1", "us-east-1"].map((region) => [
                "logcaster-capacity-stay-inside-limits",
                "mandatory",
                `logcaster-prod-${region}`,
                "maxSize is 40, limit 20 (max). Set minSize and maxSize inside the limits, or record an exception",
            ]),
        );
    });

    /** By stack policy, a change of prod's plan and the first words of what it then says. */
    const BROKEN: Readonly<Record<string, [change: (s: TestStack) => unknown, says: string[]]>> = {
        "logcaster-network-log-flows": [
            (s) => s.remove(...s.named("FlowLog us-east-1-flow-logs")),
            ["Vpc us-east-1-vpc: no flow log"],
        ],
        "logcaster-network-take-over-default-group": [
            (s) => s.remove(...s.named("DefaultSecurityGroup us-east-1-default")),
            ["Vpc us-east-1-vpc: the network's default security group"],
        ],
        "logcaster-cost-budget-forecast": [
            (s) => s.remove(...s.named("Budget budget-cost")),
            ["Group logcaster-prod-"],
        ],
        "logcaster-cost-stay-inside-budget": [
            (s) => s.set(s.named("Budget budget-cost")[0]!, "limitAmount", "400"),
            ["Budget budget-cost: projected cost of a month at the desired size"],
        ],
        "logcaster-group-span-zones": [
            (s) => {
                const [group] = s.named("Group logcaster-prod-us-east-1");
                const [subnet] = s.named("Subnet us-east-1-private-us-east-1a");
                s.refer(group!, "vpcZoneIdentifiers", subnet!);
            },
            ["Group logcaster-prod-us-east-1: the number of zones is 1, limit 2"],
        ],
        "logcaster-group-notify-scaling-events": [
            (s) => s.remove(...s.named("Notification logcaster-prod-us-east-1-notification")),
            ["Group logcaster-prod-us-east-1: nobody is notified"],
        ],
        "logcaster-scaling-own-scale-in-once": [
            (s) =>
                s.remove(
                    ...s.named("logcaster-prod-us-east-1-track-cpu"),
                    ...s.named("logcaster-prod-us-east-1-track-connections"),
                ),
            ["Group logcaster-prod-us-east-1: the owners of scale-in are none"],
        ],
        "logcaster-schedule-stay-inside-bounds": [
            (s) => s.set(s.named("logcaster-prod-us-east-1-min-at-09")[0]!, "minSize", 21),
            ["Schedule logcaster-prod-us-east-1-min-at-09: minSize is 21, limit 20"],
        ],
        "logcaster-nodes-leave-size-to-the-cluster": [
            (s) => {
                const [group] = s.named("Group logcaster-prod-us-east-1");
                s.set(group!, "tags", [{ key: "k8s.io/cluster-autoscaler/enabled" }]);
                s.remove(...s.named("us-east-1-predict"), ...s.named("us-east-1-track-memory"));
                s.remove(
                    ...[0, 6, 12, 14, 17].flatMap((hour) =>
                        s.named(`prod-us-east-1-min-at-${String(hour).padStart(2, "0")}`),
                    ),
                );
            },
            [
                "Group logcaster-prod-us-east-1: the scaling policy",
                "Group logcaster-prod-us-east-1: the scaling policy",
                "Group logcaster-prod-us-east-1: the scheduled action",
            ],
        ],
        "logcaster-target-group-drain-before-the-end": [
            (s) =>
                s.remove(
                    ...s.named("LifecycleHook logcaster-prod-us-east-1-drain"),
                    ...s.named("TargetGroup us-east-1-tcp"),
                ),
            ["TargetGroup us-east-1-http: Group logcaster-prod-us-east-1 has no terminating"],
        ],
        "logcaster-balancer-span-zones": [
            (s) => {
                const [balancer] = s.named("LoadBalancer us-east-1-nlb");
                const [subnet] = s.named("Subnet us-east-1-public-us-east-1a");
                s.refer(balancer!, "subnets", subnet!);
            },
            ["LoadBalancer us-east-1-nlb: the number of zones is 1, limit 2"],
        ],
        "logcaster-sharding-never-evict-from-the-store": [
            (s) => s.remove(...s.named("ParameterGroup us-east-1-store-parameters")),
            ["ReplicationGroup us-east-1-store: maxmemory-policy of a store is volatile-lru"],
        ],
        "logcaster-dns-answer-everybody": [
            (s) => s.remove(...s.named("Record dns-tcp-area-default")),
            ["Record dns-tcp-area-continent-AF: logs.example.com answers AF, AS, EU, NA, OC"],
        ],
        "logcaster-dns-name-areas-once": [
            (s) =>
                s.set(
                    s.named("Record dns-tcp-area-continent-AF")[0]!,
                    "geolocationRoutingPolicies.0.continent",
                    "AS",
                ),
            ["Record dns-tcp-area-continent-AS: the area AS of logs.example.com is named by"],
        ],
        "logcaster-dns-fall-over-to-another-region": [
            (s) => s.remove(...s.named("Record dns-tcp-home-us-east-1-secondary")),
            ["Record dns-tcp-area-default: the number of regions behind logs.example.com's"],
        ],
        "logcaster-dns-alias-this-stack": [
            (s) => s.refer(s.named("Record dns-tcp-home-us-east-1-primary")[0]!, "aliases"),
            ["Record dns-tcp-home-us-east-1-primary: _home-us-east-1.logs.example.com's alias"],
        ],
        "logcaster-dns-sign-zone": [
            (s) => s.remove(...s.named("HostedZoneDnsSec dns-dnssec")),
            ["Zone dns-zone: the public zone is not signed"],
        ],
        "logcaster-dns-log-queries": [
            (s) => s.remove(...s.named("QueryLog dns-queries")),
            ["Zone dns-zone: the public zone's queries are not logged"],
        ],
        "logcaster-bucket-block-public-access": [
            (s) => s.remove(...s.named("BucketPublicAccessBlock us-east-1-logs")),
            ["Bucket us-east-1-logs: no BucketPublicAccessBlock"],
        ],
        "logcaster-bucket-encrypt": [
            (s) => s.remove(...s.named("BucketServerSideEncryptionConfiguration us-east-1-logs")),
            ["Bucket us-east-1-logs: no BucketServerSideEncryptionConfiguration"],
        ],
        "logcaster-bucket-keep-versions": [
            (s) => s.remove(...s.named("BucketVersioning us-east-1-logs")),
            ["Bucket us-east-1-logs: the bucket's versioning is not set"],
        ],
        "logcaster-alarm-act": [
            (s) => {
                const [alarm] = s.named("MetricAlarm us-east-1-capacity-limit-warning");
                s.set(alarm!, "alarmActions", []).refer(alarm!, "alarmActions");
            },
            ["MetricAlarm us-east-1-capacity-limit-warning: the alarm has no alarm action"],
        ],
        "logcaster-alarm-cover-scaling": [
            (s) => s.remove(...s.named("MetricAlarm us-east-1-scaling-failed-critical")),
            [
                "Group logcaster-prod-us-east-1: us-east-1 has no alarm ScalingFailed",
                "Group logcaster-prod-us-east-1-proxy: us-east-1 has no alarm ScalingFailed",
            ],
        ],
        "logcaster-topic-require-tls": [
            (s) => s.remove(...s.named("TopicPolicy us-east-1-page-oncall-policy")),
            ["Topic us-east-1-page-oncall: no topic policy denies"],
        ],
        "logcaster-replication-alarm-on-lag": [
            (s) =>
                s.remove(
                    ...s.named("database-eu-west-1-database-replication-lag-warning"),
                    ...s.named("database-eu-west-1-database-replication-lag-critical"),
                    ...s.named("shared-eu-west-1-redis-global-replication-lag-warning"),
                    ...s.named("shared-eu-west-1-redis-global-replication-lag-critical"),
                ),
            [
                "Cluster database-eu-west-1: no alarm of its region looks at AuroraGlobalDBReplicationLag",
                "ReplicationGroup shared-eu-west-1: no alarm of its region looks at GlobalDatastoreReplicationLag",
            ],
        ],
        "logcaster-recovery-encrypt-vault": [
            (s) => s.refer(s.named("Vault recovery-eu-west-1-vault")[0]!, "kmsKeyArn"),
            ["Vault recovery-eu-west-1-vault: kmsKeyArn is not set"],
        ],
        "logcaster-edge-log-requests": [
            (s) => s.remove(...s.named("LogDeliverySource edge-logs")),
            ["Distribution edge: nothing logs the requests"],
        ],
        "logcaster-edge-filter-requests": [
            (s) => s.refer(s.named("Distribution edge")[0]!, "webAclId"),
            ["Distribution edge: webAclId is not set"],
        ],
        "logcaster-edge-fall-over": [
            (s) =>
                s.set(
                    s.named("Distribution edge")[0]!,
                    "origins.0.domainName",
                    "origin.example.net",
                ),
            ["Distribution edge: no origin group"],
        ],
        "logcaster-bucket-require-tls": [
            (s) => s.remove(...s.named("BucketPolicy us-east-1-logs")),
            ["Bucket us-east-1-logs: no bucket policy denies"],
        ],
    };

    /** What the resources of prod give no occasion to break, or break with a recorded exception. */
    const NOT_IN_PROD = [
        ...DEFINITIONS.flatMap((each) =>
            "stack" in each && each.name.startsWith("logcaster-kubernetes-") ? [each.name] : [],
        ),
        "logcaster-recovery-copy-elsewhere",
        "logcaster-group-use-elb-health-checks-when-attached",
        "logcaster-scaling-hold-on-missing-data",
        "logcaster-balancer-filter-requests",
        "logcaster-security-group-keep-rules-in-one-place",
        "logcaster-dns-point-at-resources",
        "logcaster-bucket-log-access",
        "logcaster-secret-rotate",
    ];

    it("lose their copy elsewhere with the last follower, but for the stores, whose exception is recorded", () => {
        const policy = "logcaster-recovery-copy-elsewhere";
        const stores = ["us-east-1", "eu-west-1", "ap-northeast-1"].map(
            (region) => `ReplicationGroup ${region}-store`,
        );
        const broken = (stack: TestStack) =>
            stack
                .judge(policy)
                .says.map((each) => each.split(": ")[0]?.split(":").at(-1))
                .sort();
        const stack = stackOf(prod);
        assert.deepEqual(broken(stack), [...stores].sort());
        stack.remove(
            ...stack.named("Selection recovery-us-east-1-selection"),
            ...["eu-west-1", "ap-northeast-1"].flatMap((region) => [
                ...stack.named(`Cluster database-${region}`),
                ...stack.named(`ReplicationGroup shared-${region}`),
            ]),
        );
        assert.deepEqual(
            broken(stack),
            ["Cluster database-us-east-1", "ReplicationGroup shared-us-east-1", ...stores].sort(),
        );
    });

    it("break in every way that a stack policy must see in a preview", () => {
        const policies = DEFINITIONS.flatMap((each) => ("stack" in each ? [each.name] : []));
        assert.deepEqual([...Object.keys(BROKEN), ...NOT_IN_PROD].sort(), policies.sort());
    });

    for (const [policy, [change, says]] of Object.entries(BROKEN)) {
        it(`breaks ${policy} in prod's preview, and nothing is noted as unknown`, () => {
            const stack = stackOf(prod);
            assert.deepEqual(stack.judge(policy), { says: [], unknown: [] });
            change(stack);
            const outcome = stack.judge(policy);
            const type = /^aws:[^:]*:(?=\w+ )/;
            const said = outcome.says.map((words) =>
                words.replace(type, "").replace(/(?<=: )aws:[^:]*:/, ""),
            );
            assert.deepEqual(
                said.map((words, i) => words.slice(0, says[i]?.length)),
                says,
            );
            assert.deepEqual(outcome.unknown, []);
        });
    }
});
