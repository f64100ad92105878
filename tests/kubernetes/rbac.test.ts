import * as assert from "node:assert/strict";
import { ClusterAutoscaler } from "logcaster-scaling/kubernetes";
import { record } from "../components/recorder";
import { type ControlPlane, controlPlane } from "./control-plane";
import { applyAll, manifests } from "./manifests";

const OWN = "kube-system";
const OTHER = "default";
const READ = ["get", "list", "watch"];

/**
 * What the autoscaler calls: its FAQ and the calls of its source, not our component's rules. A resource by
 * `group/resource`, the verbs, and the one name where it is allowed for that alone.
 */
const EVERYWHERE: readonly [string, readonly string[]][] = [
    ["/events", ["create", "patch"]],
    ["/nodes", [...READ, "update", "delete"]],
    ["/pods/eviction", ["create"]],
    ["/pods/status", ["update"]],
    ["/namespaces", READ],
    ["/pods", READ],
    ["/services", READ],
    ["/replicationcontrollers", READ],
    ["/persistentvolumeclaims", READ],
    ["/persistentvolumes", READ],
    ["apps/daemonsets", READ],
    ["apps/replicasets", READ],
    ["apps/statefulsets", READ],
    ["batch/jobs", READ],
    ["policy/poddisruptionbudgets", READ],
    ["storage.k8s.io/storageclasses", READ],
    ["storage.k8s.io/csinodes", READ],
    ["storage.k8s.io/csidrivers", READ],
    ["storage.k8s.io/csistoragecapacities", READ],
    ["storage.k8s.io/volumeattachments", READ],
    ["resource.k8s.io/deviceclasses", READ],
    ["resource.k8s.io/resourceclaims", READ],
    ["resource.k8s.io/resourceslices", READ],
];
const IN_OWN_NAMESPACE: readonly [string, readonly string[]][] = [
    ["coordination.k8s.io/leases", ["create"]],
    ["/configmaps", ["create", "list", "watch"]],
];
const BY_NAME: readonly [string, string, readonly string[]][] = [
    ["coordination.k8s.io/leases", "cluster-autoscaler", ["get", "update"]],
    ["/configmaps", "cluster-autoscaler-status", ["get", "update", "delete", "watch"]],
    ["/configmaps", "cluster-autoscaler-priority-expander", ["get", "update", "delete", "watch"]],
];
const VERBS = [...READ, "create", "update", "patch", "delete", "deletecollection"];
const AT_ONCE = 20;

interface Question {
    readonly namespace: string;
    readonly group: string;
    readonly resource: string;
    readonly subresource: string;
    readonly verb: string;
    readonly name?: string;
}

const text = ({ namespace, group, resource, subresource, verb, name }: Question) =>
    `${verb} ${group}/${resource}${subresource && `/${subresource}`} ${name ?? "any"} in ${namespace}`;

describe("The cluster autoscaler's service account", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    before(async function () {
        cluster = await controlPlane(this);
        const recording = await record(
            () =>
                void new ClusterAutoscaler("autoscaler", {
                    region: "ap-northeast-2",
                    clusterName: "logcaster",
                    kubernetesMinor: "1.36",
                }),
        );
        await applyAll(cluster, manifests(recording));
    });

    async function allowed(user: string, question: Question): Promise<boolean> {
        const { status } = await cluster.api.call<{ status: { allowed: boolean } }>(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            {
                apiVersion: "authorization.k8s.io/v1",
                kind: "SubjectAccessReview",
                spec: {
                    user: `system:serviceaccount:${user}`,
                    groups: [
                        "system:serviceaccounts",
                        `system:serviceaccounts:${OWN}`,
                        "system:authenticated",
                    ],
                    resourceAttributes: question,
                },
            },
        );
        return status.allowed;
    }

    /** What the autoscaler may do that no service account may do without being told. */
    async function granted(questions: readonly Question[]): Promise<string[]> {
        const found: string[] = [];
        for (let i = 0; i < questions.length; i += AT_ONCE) {
            await Promise.all(
                questions.slice(i, i + AT_ONCE).map(async (question) => {
                    if (!(await allowed(`${OWN}:cluster-autoscaler`, question))) return;
                    if (!(await allowed(`${OWN}:default`, question))) found.push(text(question));
                }),
            );
        }
        return found.sort();
    }

    const questions = (
        namespace: string,
        [path, verbs]: readonly [string, readonly string[]],
        name?: string,
    ): Question[] => {
        const [group, resource, subresource = ""] = path.split("/") as [string, string, string?];
        return verbs.map((verb) => ({
            namespace,
            group,
            resource,
            subresource,
            verb,
            ...(name ? { name } : {}),
        }));
    };

    /** Every resource and subresource the API server serves, with every verb. */
    async function everything(): Promise<Question[]> {
        const { groups } = await cluster.api.call<{
            groups: { preferredVersion: { groupVersion: string } }[];
        }>("GET", "/apis");
        const served = ["v1", ...groups.map((g) => g.preferredVersion.groupVersion)];
        const lists = await Promise.all(
            served.map(async (groupVersion) => {
                const path = groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`;
                const group = groupVersion.includes("/") ? groupVersion.split("/")[0]! : "";
                const { resources } = await cluster.api.call<{ resources: { name: string }[] }>(
                    "GET",
                    path,
                );
                return resources.map(({ name }) => `${group}/${name}`);
            }),
        );
        return lists
            .flat()
            .flatMap((path) => [OWN, OTHER].flatMap((place) => questions(place, [path, VERBS])));
    }

    it("may do what the autoscaler must, and nothing else of all that is served", async () => {
        const all = await everything();
        assert.ok(all.length > 1000, `${all.length} questions`);
        const expected = [
            ...EVERYWHERE.flatMap((row) => [...questions(OWN, row), ...questions(OTHER, row)]),
            ...IN_OWN_NAMESPACE.flatMap((row) => questions(OWN, row)),
        ];
        assert.deepEqual(await granted(all), expected.map(text).sort());
    });

    it("may change its own lock and status in its own namespace, nobody else's", async () => {
        const own = BY_NAME.flatMap(([path, name, verbs]) => questions(OWN, [path, verbs], name));
        assert.deepEqual(await granted(own), own.map(text).sort());
        const others = ["coordination.k8s.io/leases", "/configmaps"].flatMap((path) => [
            ...questions(OWN, [path, ["get", "update", "delete", "patch"]], "somebody-else"),
            ...questions(OTHER, [path, VERBS], "cluster-autoscaler"),
        ]);
        assert.deepEqual(await granted(others), []);
    });

    it("may not take rights, read secrets or run commands", async () => {
        const forbidden: [string, string[]][] = [
            ["/secrets", VERBS],
            ["/pods/exec", ["create", "get"]],
            ["/serviceaccounts/token", ["create"]],
            ["rbac.authorization.k8s.io/clusterroles", ["bind", "escalate", ...VERBS]],
            ["/serviceaccounts", ["impersonate"]],
            ["/nodes/proxy", ["create", "get"]],
        ];
        const asked = forbidden.flatMap((row) => questions(OWN, row));
        assert.deepEqual(await granted(asked), []);
    });
});
