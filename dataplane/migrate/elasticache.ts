import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ElastiCacheClient, ReplicationGroup } from "@aws-sdk/client-elasticache";
import { LIMITS } from "logcaster-model/limits";
import { SLOT_COUNT } from "logcaster-model/partitions";
import { Connection } from "../router/connection";
import { clusterNodes, slotOwners, slotsOf } from "./cluster";
import { BadInput, MigrationStopped } from "./errors";
import { isFinal, type Migration, Place, type Unit } from "./journal";
import type { JournalStore, Lease } from "./journal-store";
import type { MigrationEvent } from "./unit-context";

/** What a resharding needs to know. */
export interface ElastiCacheGoal {
    readonly replicationGroup: string;
    /** Shards wanted. */
    readonly shards: number;
    /** redis:// or rediss:// URL of the configuration endpoint, to check the slots afterwards. */
    readonly endpointUrl: string;
    readonly pollMs: number;
    /** How long the service may be busy in all. */
    readonly timeoutMs: number;
    readonly leaseMs: number;
}

/** Errors that mean "not now". */
const NOT_NOW = new Set(["InvalidReplicationGroupStateFault", "InvalidReplicationGroupState"]);
const REFUSED =
    /^(ReplicationGroupNotFound|InvalidParameter|NodeGroupsPerReplicationGroupQuota|InvalidVPCNetworkState|InsufficientCacheClusterCapacity)/;
/** Lost or refused for the moment: asked again at the next poll. */
function isTransient(error: unknown): boolean {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return ($metadata?.httpStatusCode ?? 500) >= 500 || /Throttl|RequestLimit/i.test(name);
}

/** Loaded when needed: the SDK takes longer to load than the rest of the command to run. */
const loadSdk = () => import("@aws-sdk/client-elasticache");

/**
 * Reshards a replication group by the service itself, which places the slots: only the count is
 * ours. Journaled like every migration, so another call goes on where this one ended.
 * @throws BadInput for what the service refuses, MigrationStopped when it does not get there.
 */
export async function reshardElastiCache(
    client: ElastiCacheClient,
    journal: JournalStore,
    goal: ElastiCacheGoal,
    emit: (event: MigrationEvent) => void,
): Promise<void> {
    const { migration, unit, lease } = await takeUp(client, journal, goal);
    const run = new Resharding(client, journal, goal, migration, lease, unit, emit);
    const renewal = setInterval(() => {
        void journal.renew(migration.id, lease, goal.leaseMs).catch(() => undefined);
    }, goal.leaseMs / 4);
    try {
        await run.toTheEnd();
        await journal.update((current) => ({ ...current, finishedAtMs: Date.now() }));
    } finally {
        clearInterval(renewal);
        await journal.release(migration.id, lease).catch(() => undefined);
    }
}

async function takeUp(client: ElastiCacheClient, journal: JournalStore, goal: ElastiCacheGoal) {
    const previous = await journal.migration();
    const units = previous ? await journal.units(previous.migration.id) : [];
    const open = units.filter((unit) => !isFinal(unit.state));
    const id = `${goal.replicationGroup}-${goal.shards}`;
    let migration = previous?.migration;
    let unit = open[0];
    if (open.length > 0 && (migration!.place !== Place.ElastiCache || unit!.id !== id)) {
        throw new BadInput(
            `Migration ${migration!.id} is under way with unit ${unit!.id}, and one at a time is allowed: ` +
                "finish it first.",
        );
    }
    if (!unit) {
        const group = await describeAtLast(client, goal);
        const from = `${goal.replicationGroup}/${group.NodeGroups?.length ?? 0}`;
        const to = `${goal.replicationGroup}/${goal.shards}`;
        const counts = {
            keysCopied: 0,
            bytesCopied: 0,
            keysTotal: 0,
            pauseMs: 0,
            switchedAtMs: 0,
            generation: 0,
        };
        unit = { id, from, to, partitions: [], state: "planned", ...counts, problem: "" };
        migration = {
            id: randomUUID(),
            place: Place.ElastiCache,
            wish: "run",
            fromEpoch: 0,
            before: "",
            target: "",
            rollbackWindowMs: 0,
            startedAtMs: Date.now(),
            finishedAtMs: 0,
        };
        if (!(await journal.start(migration, [unit], previous?.text ?? ""))) {
            throw new BadInput(
                "Somebody else has started a migration at the same moment: see `status`.",
            );
        }
    }
    const lease = await journal.take(migration!.id, unit.id, goal.leaseMs);
    if (!lease) throw new BadInput(`Another worker follows the resharding of ${unit.id} already.`);
    return { migration: migration!, unit, lease };
}

class Resharding {
    private readonly deadline: number;

    constructor(
        private readonly client: ElastiCacheClient,
        private readonly journal: JournalStore,
        private readonly goal: ElastiCacheGoal,
        private readonly migration: Migration,
        private readonly lease: Lease,
        private unit: Unit,
        private readonly emit: (event: MigrationEvent) => void,
    ) {
        this.deadline = performance.now() + goal.timeoutMs;
    }

    async toTheEnd(): Promise<void> {
        if (this.unit.state === "planned") await this.ask();
        if (this.unit.state === "moving") await this.follow();
        if (this.unit.state === "moved") await this.check();
    }

    private async enter(state: Unit["state"]): Promise<void> {
        this.unit = { ...this.unit, state };
        await this.journal.put(this.migration.id, this.lease, this.unit);
        const { id, from, to } = this.unit;
        this.emit({ event: "state", unit: id, state, from, to });
    }

    /** Asks the service, once: an answer that was lost shows in the group's state. */
    private async ask(): Promise<void> {
        const { replicationGroup, shards } = this.goal;
        for (;;) {
            const group = await this.group();
            const ids = (group?.NodeGroups ?? []).map((one) => one.NodeGroupId!).sort();
            const isResharding = group?.PendingModifiedValues?.Resharding !== undefined;
            if (group && (isResharding || ids.length === shards)) return this.enter("moving");
            if (group?.Status === "available") {
                const remove = shards < ids.length ? { NodeGroupsToRemove: ids.slice(shards) } : {};
                const { ModifyReplicationGroupShardConfigurationCommand } = await loadSdk();
                try {
                    await this.client.send(
                        new ModifyReplicationGroupShardConfigurationCommand({
                            ReplicationGroupId: replicationGroup,
                            NodeGroupCount: shards,
                            ApplyImmediately: true,
                            ...remove,
                        }),
                    );
                    return await this.enter("moving");
                } catch (error) {
                    mustBeTransient(error);
                }
            }
            await this.wait("to accept the change");
        }
    }

    private async follow(): Promise<void> {
        const { shards } = this.goal;
        for (let seenBusy = false; ;) {
            const group = await this.group();
            const pending = group?.PendingModifiedValues?.Resharding;
            const percent = Math.floor(pending?.SlotMigration?.ProgressPercentage ?? 0);
            const progress = { keys: percent, bytes: 0, keysTotal: 100 };
            if (pending) this.emit({ event: "progress", unit: this.unit.id, ...progress });
            const count = group?.NodeGroups?.length;
            const isIdle = group?.Status === "available" && !pending;
            if (isIdle && count === shards) return this.enter("moved");
            if (group && !isIdle) seenBusy = true;
            if (isIdle && seenBusy) {
                throw new MigrationStopped(
                    `ElastiCache ended the resharding of ${this.goal.replicationGroup} with ${count} ` +
                        `shards instead of ${shards}: see its events (often: not enough memory in the ` +
                        "shards that stay). No data was lost. Run the same command again to ask anew.",
                );
            }
            // The change may not show yet right after it was accepted, or was never heard of.
            if (isIdle && !seenBusy) await this.askAgainIfForgotten();
            await this.wait("to finish resharding");
        }
    }

    private async askAgainIfForgotten(): Promise<void> {
        this.unit = { ...this.unit, state: "planned" };
        await this.ask();
    }

    /** The service placed the slots: all must be covered, and fairly. */
    private async check(): Promise<void> {
        const connection = new Connection({ url: this.goal.endpointUrl });
        try {
            for (;;) {
                const problem = await this.slotProblem(connection).catch((e: Error) => e.message);
                if (problem === undefined) return await this.enter("done");
                await this.wait(`to be whole (${problem})`);
            }
        } finally {
            connection.close();
        }
    }

    private async slotProblem(connection: Connection): Promise<string | undefined> {
        const nodes = await clusterNodes(connection);
        const uncovered = slotOwners(nodes).filter((owner) => owner === undefined).length;
        if (uncovered > 0) return `${uncovered} slots are not served`;
        const counts = nodes.map((node) => slotsOf(node.slots).length).filter((count) => count > 0);
        if (counts.length !== this.goal.shards) return `${counts.length} shards serve slots`;
        const allowed = 1 + LIMITS["redis.role.imbalancePercent"].value / 100;
        const mean = SLOT_COUNT / counts.length;
        const fullest = Math.max(...counts);
        return fullest > mean * allowed ? `the fullest shard has ${fullest} slots` : undefined;
    }

    private async group(): Promise<ReplicationGroup | undefined> {
        try {
            return await describe(this.client, this.goal.replicationGroup);
        } catch (error) {
            mustBeTransient(error);
            return undefined;
        }
    }

    private async wait(what: string): Promise<void> {
        if (performance.now() > this.deadline) {
            throw new MigrationStopped(
                `ElastiCache needs longer than ${this.goal.timeoutMs} ms ${what}. It goes on by itself: ` +
                    "run the same command again to follow it.",
            );
        }
        await sleep(this.goal.pollMs);
    }
}

/** The first look at the group: what is wrong with it must show before anything is begun. */
async function describeAtLast(
    client: ElastiCacheClient,
    { replicationGroup, pollMs, timeoutMs }: ElastiCacheGoal,
): Promise<ReplicationGroup> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
        try {
            return await describe(client, replicationGroup);
        } catch (error) {
            mustBeTransient(error);
            if (performance.now() > deadline) throw error;
        }
        await sleep(pollMs);
    }
}

/** @throws whatever asking again cannot mend. */
function mustBeTransient(error: unknown): void {
    if (error instanceof BadInput) throw error;
    const name = error instanceof Error ? error.name : "";
    if (REFUSED.test(name)) throw refusal(error as Error);
    if (!NOT_NOW.has(name) && !isTransient(error)) throw error;
}

async function describe(client: ElastiCacheClient, id: string): Promise<ReplicationGroup> {
    const { DescribeReplicationGroupsCommand } = await loadSdk();
    const request = new DescribeReplicationGroupsCommand({ ReplicationGroupId: id });
    const answer = await client.send(request).catch((error: Error) => {
        throw REFUSED.test(error.name) ? refusal(error) : error;
    });
    const group = answer.ReplicationGroups?.[0];
    if (!group) throw new BadInput(`ElastiCache has no replication group ${id} in this region.`);
    if (group.ClusterEnabled === false) {
        throw new BadInput(`Replication group ${id} has cluster mode off: it cannot be resharded.`);
    }
    return group;
}

function refusal(error: Error): BadInput {
    return new BadInput(
        `ElastiCache refuses: ${error.message} (${error.name}). Nothing was changed.`,
    );
}
