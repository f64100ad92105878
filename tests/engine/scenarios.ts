import assert from "node:assert/strict";
import { changes, describe as described } from "../standin/diff";
import { holdsSecret, isSecret, plain, type Json, type JsonObject } from "../standin/wire";
import { World, type WorldEvent } from "../standin/world";
import { skip } from "../skip";
import {
    nameOf,
    summary,
    typeOf,
    type Change,
    type Deployment,
    type Outcome,
    type StateResource,
} from "./deployment";

const GROUP = "aws:autoscaling/group:Group";
const SCHEDULE = "aws:autoscaling/schedule:Schedule";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const REDIS = "aws:elasticache/replicationGroup:ReplicationGroup";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
/** They name alarms and metrics, which follow the number of shards. */
const OF_ALARMS = [
    ALARM,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
    "aws:cloudwatch/dashboard:Dashboard",
];
/** Alarms on shards that are added. */
const NEW_ALARM = /-redis-.*-store-shards-from-/;
const PASSWORD = "random:index/randomPassword:RandomPassword";
const POLICY = "logcaster-capacity-stay-inside-limits";

/** A stack's whole life takes minutes where a machine is busy; nothing here asserts how long. */
const SUITE_TIMEOUT_MS = 1_800_000;

/** What the scenarios change in one stack; each differs from the stack's own value. */
export interface Plan {
    stack: string;
    max: number;
    storeShards: number;
    tier: string;
    /** Where the settings `max` and `tier` are. */
    sizes: string;
    maxKey: string;
    /** Where the writer of what regions share moves, and what must then differ from it. */
    switchover?: { from: string; to: string };
}

const OF_INSTANCES = { sizes: "logcaster:scaling", maxKey: "max" };
const OF_NODES = { sizes: "logcaster:kubernetes.nodeGroups.service", maxKey: "maxPerZone" };

export const PLANS: readonly Plan[] = [
    { stack: "dev", max: 5, storeShards: 2, tier: "medium", ...OF_INSTANCES },
    {
        stack: "prod",
        max: 18,
        storeShards: 8,
        tier: "large",
        ...OF_INSTANCES,
        switchover: { from: "us-east-1", to: "eu-west-1" },
    },
    { stack: "eks", max: 5, storeShards: 8, tier: "large", ...OF_NODES },
];

/** Settings that no stack may have: more than the ceiling of LIMITS. */
const TOO_MANY_INSTANCES = 80;
/** A stack's own limit, under every stack's `scaling.max`. */
const POLICY_MAX = 4;

function ok(outcome: Outcome): Outcome {
    assert.equal(outcome.failed, false, outcome.said);
    return outcome;
}

function number(value: Json | undefined): number {
    assert.equal(typeof value, "number");
    return value as number;
}

/** Whether a cluster is a member of the Global Datastore. */
function isShared(urn: string): boolean {
    return nameOf(urn).startsWith("shared-");
}

/** What the world was told to do, as `op type name`, sorted. */
function operations(events: readonly WorldEvent[]): string[] {
    return events
        .filter(({ op }) => op !== "note" && op !== "set")
        .map(({ op, urn }) => `${op} ${typeOf(urn)} ${nameOf(urn)}`)
        .sort();
}

/** The changed properties that a refresh found in the arguments of each resource. */
function drift(before: StateResource[], after: StateResource[]): Record<string, unknown> {
    const now = new Map(after.map((resource) => [resource.urn, resource]));
    const found = before.map(({ urn, inputs }): [string, unknown] => {
        const resource = now.get(urn);
        if (!resource) return [nameOf(urn), "gone"];
        return [
            nameOf(urn),
            described(changes(inputs as JsonObject, resource.inputs as JsonObject)),
        ];
    });
    return Object.fromEntries(
        found.filter(([, what]) => what === "gone" || Object.keys(what as object).length > 0),
    );
}

/**
 * The life of one stack, as one test after another: preview, up, again, changes of settings, drift, refusals,
 * destroy. The same for the real CLI and for the small engine. They prove wiring, not that AWS accepts a
 * request.
 */
export function lifeOf(plan: Plan, start: () => Promise<Deployment>): void {
    describe(`the ${plan.stack} stack`, function () {
        this.timeout(SUITE_TIMEOUT_MS);
        const maxAt = `${plan.sizes}.${plan.maxKey}`;
        let stack: Deployment;
        let world: World;
        let previewed: Change[];

        before(async () => {
            stack = await start();
            world = new World(stack.world);
        });
        after(async () => {
            await stack?.dispose();
        });
        // Each test goes on from what the one before has built.
        let broken = false;
        beforeEach(function () {
            if (broken) skip(this, "a test before it failed");
        });
        afterEach(function () {
            broken ||= this.currentTest?.state === "failed";
        });

        /** Runs an update and gives what the world was told to do. */
        async function up(): Promise<string[]> {
            const start = world.events().length;
            ok(await stack.up());
            return operations(world.events().slice(start));
        }
        const things = (type: string) => world.all().filter((thing) => thing.type === type);
        const named = (type: string) => things(type).map((thing) => nameOf(thing.urn));
        // Proxies have a size and a tier of their own: the service's settings do not change them.
        const ofService = (type: string) =>
            things(type).filter(({ urn }) => !nameOf(urn).includes("-proxy"));
        const serviceNames = (type: string) => ofService(type).map(({ urn }) => nameOf(urn));

        it("previews creations only, and the cloud stays empty", async () => {
            previewed = ok(await stack.preview()).changes;
            assert.ok(previewed.length > 0);
            assert.deepEqual(
                previewed.filter(({ op }) => op !== "create"),
                [],
            );
            assert.deepEqual(world.all(), []);
        });

        it("creates exactly what it previewed, of types that the stand-ins know", async () => {
            const expected = previewed
                .filter(({ urn }) => !typeOf(urn).startsWith("random:"))
                .map(({ urn }) => `create ${typeOf(urn)} ${nameOf(urn)}`)
                .sort();
            assert.deepEqual(await up(), expected);
            const notes = world.events().filter(({ op }) => op === "note");
            assert.deepEqual(notes, []);
            const urns = (await stack.state()).map(({ urn }) => urn).sort();
            assert.deepEqual(urns, previewed.map(({ urn }) => urn).sort());
        });

        it("changes nothing the second time, in the preview and in the update", async () => {
            assert.deepEqual(summary(ok(await stack.preview()).changes), []);
            assert.deepEqual(await up(), []);
        });

        it("keeps generated secrets secret", async () => {
            const resources = await stack.state();
            const passwords = resources.filter(({ type }) => type === PASSWORD);
            assert.ok(passwords.length > 0, "no generated password in the stack");
            for (const { urn, outputs } of passwords) {
                const result = outputs.result as Json;
                assert.ok(isSecret(result), `${urn} has a result in the open`);
                const password = String(plain(result));
                assert.ok(password.length >= 16);
                for (const other of resources) {
                    for (const [key, value] of Object.entries({
                        ...other.inputs,
                        ...other.outputs,
                    })) {
                        const open = JSON.stringify(value ?? null).includes(password);
                        assert.ok(
                            !open || holdsSecret(value as Json),
                            `${other.urn} shows the password of ${urn} in ${key}`,
                        );
                    }
                }
            }
        });

        it("stores generated secrets encrypted", async function () {
            const stored = await stack.stored();
            if (stored === undefined) skip(this, "the small engine of these tests stores nothing");
            const passwords = (await stack.state()).filter(({ type }) => type === PASSWORD);
            for (const { urn, outputs } of passwords) {
                const password = String(plain(outputs.result as Json));
                assert.ok(!stored.includes(password), `the stored state shows ${urn}`);
            }
        });

        it("shows exactly what a change of bounds, shards and tier does: no replacement", async () => {
            await stack.configure(maxAt, String(plan.max));
            await stack.configure("logcaster:redis.store.shards", String(plan.storeShards));
            await stack.configure(`${plan.sizes}.tier`, plan.tier);
            const found = ok(await stack.preview()).changes;
            assert.deepEqual(
                found.filter(
                    ({ op, urn }) =>
                        op !== "update" && !(op === "create" && NEW_ALARM.test(nameOf(urn))),
                ),
                [],
            );
            const of = (type: string) => found.filter(({ urn }) => typeOf(urn) === type);
            const rest = found.filter(
                ({ urn }) => ![GROUP, TEMPLATE, REDIS, ...OF_ALARMS].includes(typeOf(urn)),
            );
            assert.deepEqual(summary(rest), []);

            const groups = of(GROUP);
            assert.deepEqual(
                groups.map(({ urn }) => nameOf(urn)).sort(),
                serviceNames(GROUP).sort(),
            );
            for (const { detailed } of groups) {
                assert.equal(detailed.maxSize, "update");
                const others = Object.keys(detailed).filter((path) => path !== "maxSize");
                const version =
                    /^mixedInstancesPolicy\.launchTemplate\.launchTemplateSpecification\.version$/;
                assert.ok(others.some((path) => version.test(path)));
                const expected = /^mixedInstancesPolicy\.launchTemplate\./;
                assert.deepEqual(
                    others.filter((path) => !expected.test(path)),
                    [],
                );
            }
            assert.deepEqual(
                of(TEMPLATE)
                    .map(({ urn }) => nameOf(urn))
                    .sort(),
                serviceNames(TEMPLATE).sort(),
            );
            const stores = named(REDIS).filter((name) => name.endsWith("-store"));
            assert.ok(stores.length > 0);
            assert.deepEqual(
                summary(of(REDIS)),
                stores.map((name) => `update ${REDIS} ${name} {numNodeGroups: update}`).sort(),
            );
            // An alarm on a cluster looks at more nodes, and changes in nothing else.
            const paths = new Set(of(ALARM).flatMap(({ detailed }) => Object.keys(detailed)));
            for (const path of paths) assert.match(path, /^(metricQueries|threshold)/);
        });

        it("makes a new version of each template and points its group at it", async () => {
            const done = await up();
            assert.deepEqual(
                done.filter((line) => !line.startsWith("update ") && !NEW_ALARM.test(line)),
                [],
            );
            for (const { state } of ofService(TEMPLATE)) assert.equal(state.latestVersion, 2);
            for (const { urn, state } of ofService(GROUP)) {
                const version = world.read(
                    urn,
                    "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.version",
                );
                assert.equal(String(version), "2");
                assert.equal(state.maxSize, plan.max);
            }
        });

        it("finds drift, leaves alone what AWS owns, and puts back what it does not", async () => {
            const before = await stack.state();
            const scheduled = new Set(
                things(SCHEDULE).map(({ state }) => state.autoscalingGroupName),
            );
            const expected: string[] = [];
            const found: Record<string, unknown> = {};
            for (const group of things(GROUP)) {
                const name = nameOf(group.urn);
                const desired = number(group.state.desiredCapacity);
                const min = number(group.state.minSize);
                world.set(group.urn, "desiredCapacity", desired + 1);
                world.set(group.urn, "minSize", min + 1);
                found[name] = { desiredCapacity: "update", minSize: "update" };
                // A schedule raises the minimum; without one, nobody but the program sets it.
                if (!scheduled.has(group.state.name ?? null)) {
                    expected.push(`update ${GROUP} ${name} {minSize: update}`);
                }
            }
            for (const cluster of things(REDIS)) {
                const name = nameOf(cluster.urn);
                const input = before.find(({ urn }) => urn === cluster.urn)?.inputs.numNodeGroups;
                world.set(cluster.urn, "numNodeGroups", number(cluster.state.numNodeGroups) + 1);
                if (input !== undefined) found[name] = { numNodeGroups: "update" };
                // The shards of a Global Datastore's members are the datastore's.
                if (isShared(cluster.urn)) continue;
                expected.push(`update ${REDIS} ${name} {numNodeGroups: update}`);
            }
            // Not the predictive one: an alarm and a dashboard carry its name, and would follow.
            const [lost] = [
                ...things("aws:autoscaling/policy:Policy"),
                // Nodes have no scaling policy.
                ...things("aws:eks/podIdentityAssociation:PodIdentityAssociation"),
            ].filter(({ state }) => state.policyType !== "PredictiveScaling");
            assert.ok(lost);
            world.remove(lost.urn, lost.type, lost.id);
            found[nameOf(lost.urn)] = "gone";
            expected.push(`create ${lost.type} ${nameOf(lost.urn)}`);

            ok(await stack.refresh());
            assert.deepEqual(drift(before, await stack.state()), found);
            assert.deepEqual(summary(ok(await stack.preview()).changes), expected.sort());

            const plain = expected.map((line) => line.replace(/ \{.*$/, ""));
            assert.deepEqual(await up(), plain.sort());
            for (const cluster of things(REDIS).filter(({ urn }) => !isShared(urn))) {
                const old = before.find(({ urn }) => urn === cluster.urn);
                assert.ok(old);
                assert.equal(world.read(old.urn, "numNodeGroups"), old.inputs.numNodeGroups);
                assert.ok(cluster.state.memberClusters);
            }
        });

        const { switchover } = plan;
        if (switchover) {
            it("takes another writer's region, after a switchover, without a change of what holds data", async () => {
                const { from, to } = switchover;
                await stack.configure("logcaster:primaryRegion", to);
                await stack.configure("logcaster:recovery.copyRegion", from);
                const { changes } = ok(await stack.preview());
                // Its dashboard is managed through the primary region.
                const gone = changes.filter(
                    ({ op, urn }) =>
                        (op === "replace" && nameOf(urn) !== "overview-dashboard") ||
                        (op === "delete" &&
                            !/-readers(-cpu)?$|-lag-\w+$|^recovery-/.test(nameOf(urn))),
                );
                assert.deepEqual(summary(gone), []);
                const held = changes.filter(({ urn }) =>
                    /^aws:(rds|elasticache|kms|secretsmanager)\//.test(typeOf(urn)),
                );
                assert.deepEqual(summary(held), [
                    `update aws:rds/cluster:Cluster database-${to} {enableGlobalWriteForwarding: delete, masterPassword: add}`,
                    `update aws:rds/cluster:Cluster database-${from} {enableGlobalWriteForwarding: add, masterPassword: delete}`,
                ]);
                await stack.configure("logcaster:primaryRegion", from);
                await stack.configure("logcaster:recovery.copyRegion", to);
            });
        }

        it("refuses a setting over the limit with its value, before anything is planned", async () => {
            await stack.configure(maxAt, String(TOO_MANY_INSTANCES));
            const start = world.events().length;
            const outcome = await stack.preview();
            assert.equal(outcome.failed, true);
            assert.ok(outcome.said.includes(`${maxAt} is ${TOO_MANY_INSTANCES}`), outcome.said);
            assert.equal((await stack.up()).failed, true);
            assert.deepEqual(operations(world.events().slice(start)), []);
            await stack.configure(maxAt, String(plan.max));
        });

        it("stops at a policy with the resource, the value and the limit, and changes nothing", async () => {
            const start = world.events().length;
            const outcome = await stack.guarded({ [POLICY]: { max: POLICY_MAX } });
            assert.equal(outcome.failed, true);
            for (const name of serviceNames(GROUP))
                assert.ok(outcome.said.includes(name), outcome.said);
            assert.ok(outcome.said.includes(POLICY), outcome.said);
            assert.match(outcome.said, new RegExp(`maxSize is ${plan.max}, limit ${POLICY_MAX}`));
            assert.deepEqual(operations(world.events().slice(start)), []);
        });

        it("is destroyed once nothing is protected any more", async () => {
            await stack.configure("logcaster:protect", "false");
            await stack.configure("logcaster:loadBalancer.deletionProtection", "false");
            ok(await stack.up());
            ok(await stack.destroy());
            assert.deepEqual(world.all(), []);
            assert.deepEqual(await stack.state(), []);
        });
    });
}
