import * as assert from "node:assert/strict";
import { AUTOSCALING_DEFAULTS } from "logcaster-scaling/kubernetes/autoscaling/defaults";
import { HEALTH_AGENT, podSize } from "logcaster-scaling/kubernetes/workload/defaults";
import {
    type ControlPlane,
    controlPlane,
    eventually,
    type KubernetesObject,
    type Loads,
} from "./control-plane";
import { applyAll } from "./manifests";
import { scaledWorkload } from "./program";

// The real controller of Kubernetes, live. The brief's rules with periods of a second instead of 15 and 60, and a window of
// five: the brief's own run in virtual time, against the controller's code (tests/model/capacity).
const { behavior } = AUTOSCALING_DEFAULTS;
const faster = (rules: typeof behavior.scaleDown | typeof behavior.scaleUp, window: number) => ({
    ...rules,
    stabilizationWindowSeconds: window,
    policies: rules.policies.map((policy) => ({ ...policy, periodSeconds: 1 })),
});
const FAST = {
    scaleDown: faster(behavior.scaleDown, 5),
    scaleUp: faster(behavior.scaleUp, 0),
};
/** Syncs of 200 ms: longer than the window together, so that what they could do they have done. */
const SYNCS = 50;

/** One Deployment with its autoscaler in a namespace of its own, and every number of pods it was ever asked for. */
class Subject {
    readonly sizes: number[] = [];
    private constructor(
        readonly cluster: ControlPlane,
        readonly namespace: string,
    ) {}

    static async start(cluster: ControlPlane, namespace: string, loads: Loads): Promise<Subject> {
        const subject = new Subject(cluster, namespace);
        cluster.metrics.set(namespace, loads);
        cluster.api.watch<Deployment>(
            `/apis/apps/v1/namespaces/${namespace}/deployments`,
            ({ spec }) => {
                if (spec && spec.replicas !== subject.sizes.at(-1)) {
                    subject.sizes.push(spec.replicas);
                }
            },
        );
        await applyAll(cluster, await scaledWorkload(namespace, { behavior: FAST }));
        return subject;
    }

    /** One after the other: a recording has the SDK to itself. */
    static async startAll(
        cluster: ControlPlane,
        rows: readonly (readonly [string, Loads])[],
    ): Promise<Subject[]> {
        const subjects: Subject[] = [];
        for (const [namespace, loads] of rows) {
            subjects.push(await Subject.start(cluster, namespace, loads));
        }
        return subjects;
    }

    set(loads: Loads): void {
        this.cluster.metrics.set(this.namespace, loads);
    }

    reaches(size: number): Promise<true> {
        return eventually(
            `${this.namespace} has ${size} pods, had ${this.sizes}`,
            async () => this.sizes.at(-1) === size || undefined,
            180_000,
        );
    }

    /** Waits for whole syncs of the controller, at which it could have changed something. */
    async syncs(count: number): Promise<void> {
        const before = this.cluster.metrics.syncs(this.namespace);
        await eventually(
            `${this.namespace} is synced ${count} times`,
            async () => this.cluster.metrics.syncs(this.namespace) >= before + count || undefined,
            180_000,
        );
    }
}

interface Deployment extends KubernetesObject {
    readonly spec?: { readonly replicas: number };
}

/** What a pod requests: the service's container and the agent's. */
const CPU_MILLI = podSize("small").cpuRequestMilli + HEALTH_AGENT.cpuRequestMilli;
const MEBIBYTES = podSize("small").memoryMebibytes + HEALTH_AGENT.memoryRequestMebibytes;
const idle: Loads = { cpuMilli: 10, memoryMebibytes: 10, connections: 0, queue: 0 };

describe("The HPA controller of Kubernetes on our autoscaler", function () {
    this.timeout(300_000);
    let cluster: ControlPlane;
    before(async function () {
        cluster = await controlPlane(this);
    });

    it("goes from 3 to 50 to 3 pods by the brief's rules", async () => {
        const subject = await Subject.start(cluster, "rise-and-fall", idle);
        await subject.reaches(3);
        // The pods of the start are out of the first period then.
        await subject.syncs(10);
        subject.set({ ...idle, connections: 9000 });
        await subject.reaches(50);
        subject.set(idle);
        await subject.reaches(3);
        // Up: doubled or five more, whichever
        // is more. Down: two less, since half would be more.
        const down = Array.from({ length: 24 }, (_, i) => 48 - 2 * i).filter((n) => n > 2);
        assert.deepEqual(subject.sizes.slice(subject.sizes.indexOf(3)), [
            3,
            8,
            16,
            32,
            50,
            ...down,
            3,
        ]);
    });

    it("scales on each metric alone, to the same number of pods by the same share", async () => {
        const twelve: [string, Loads][] = [
            ["by-cpu", { ...idle, cpuMilli: 11.9 * 0.7 * CPU_MILLI }],
            ["by-memory", { ...idle, memoryMebibytes: 11.9 * 0.8 * MEBIBYTES }],
            ["by-connections", { ...idle, connections: 1199 }],
            ["by-queue", { ...idle, queue: 11_999 }],
        ];
        const subjects = await Subject.startAll(cluster, twelve);
        await Promise.all(
            subjects.map(async (subject) => {
                await subject.reaches(12);
                await subject.syncs(SYNCS);
                assert.equal(subject.sizes.at(-1), 12, subject.namespace);
                assert.equal(Math.max(...subject.sizes), 12, subject.namespace);
            }),
        );
    });

    it("holds the number of pods while metrics are missing, one or all, absent or failing", async () => {
        const eight = { ...idle, connections: 799 };
        const missing: [string, Loads][] = [
            ["without-connections", { ...idle, connections: "none" }],
            ["failing-connections", { ...idle, connections: "error" }],
            ["without-any", {}],
            ["failing-all", { cpuMilli: "error", connections: "error", queue: "error" }],
        ];
        const subjects = await Subject.startAll(
            cluster,
            missing.map(([namespace]) => [namespace, eight]),
        );
        await Promise.all(
            subjects.map(async (subject, i) => {
                await subject.reaches(8);
                subject.set(missing[i]![1]);
                await subject.syncs(SYNCS);
                assert.equal(subject.sizes.at(-1), 8, subject.namespace);
                // The same load with every metric there does scale in.
                subject.set(idle);
                await subject.reaches(3);
            }),
        );
    });

    it("scales out by a metric that is there while another is missing", async () => {
        const loads: Loads = { ...idle, queue: "error", connections: 1000 };
        const subject = await Subject.start(cluster, "one-missing", loads);
        await subject.reaches(10);
    });

    it("never flaps while the load stays inside the tolerance of a tenth", async () => {
        const subject = await Subject.start(cluster, "steady", { ...idle, connections: 3000 });
        await subject.reaches(30);
        const calm = subject.sizes.length;
        for (let i = 0; i < SYNCS; i++) {
            subject.set({ ...idle, connections: i % 2 === 0 ? 3270 : 2730 });
            await subject.syncs(1);
        }
        await subject.syncs(SYNCS);
        assert.deepEqual(subject.sizes.slice(calm), []);
        // Outside of it, it does move.
        subject.set({ ...idle, connections: 3400 });
        await subject.reaches(34);
    });
});
