import { setTimeout as sleep } from "node:timers/promises";
import { parseTable, nextTable } from "logcaster-model/partitions";
import { ErrorReply } from "redis";
import type { Connection, Reply } from "../router/connection";
import { handOver } from "./cluster-epoch";
import { ownNode, rangesOf, slotOwners, slotsAt, slotsOfPartitions, clusterNodes } from "./cluster";
import { MigrationStopped } from "./errors";
import { Place } from "./journal";
import { legacyMove, openBetween } from "./legacy-place";
import type { UnitContext } from "./unit-context";

const POLL_MS = 10;
const AGREE_POLL_MS = 20;
/** A long move of the servers' own may fail after any time: it gets so many turns at least. */
const FEWEST_TURNS = 20;
const NATIVE_FINAL = new Set(["success", "failed", "canceled", "cancelled"]);

/** One step of a unit inside a cluster: its slots move, and the servers redirect clients. */
export async function clusterStep(context: UnitContext): Promise<void> {
    switch (context.unit.state) {
        case "planned":
            return context.enter("moving", { keysTotal: await keysInUnit(context) });
        case "moving": {
            await moveSlots(context, context.unit.from, context.unit.to);
            return context.enter("moved");
        }
        case "moved": {
            await agree(context);
            await publish(context, context.unit.to);
            return context.enter("done");
        }
        case "returning": {
            await sendBack(context);
            return context.enter("returned");
        }
        case "undoing":
            await sendBack(context);
            return context.enter("undone");
        case "returned": {
            await agree(context);
            await publish(context, context.unit.from);
            return context.enter("rolled-back");
        }
        default:
            throw new MigrationStopped(
                `Unit ${context.unit.id} is in state ${context.unit.state}, which cluster mode does ` +
                    "not know: the journal is of another kind of migration.",
            );
    }
}

/** Where an operator's wish leads; slots that moved stay on abort and go back on rollback. */
export async function clusterDetour(
    context: UnitContext,
    wish: "abort" | "rollback",
): Promise<"undoing" | "returning" | undefined> {
    const { state } = context.unit;
    if (state === "planned") return "undoing";
    if (state === "moving" || state === "moved")
        return wish === "rollback" ? "returning" : "undoing";
    return undefined;
}

/** Back to the source, what the server may be moving right now included. */
async function sendBack(context: UnitContext): Promise<void> {
    if (context.migration.place === Place.Native) await cancelNative(context.source);
    await moveSlots(context, context.unit.to, context.unit.from);
}

/** Cancels the node's exports; other units of the same migration are on their way back too. */
async function cancelNative(source: Connection): Promise<void> {
    await source.call("CLUSTER", "CANCELSLOTMIGRATIONS", "ALL").catch((error: unknown) => {
        if (!(error instanceof ErrorReply)) throw error;
    });
}

function unitSlots(context: UnitContext): number[] {
    return slotsOfPartitions(parseTable(context.migration.target), context.unit.partitions);
}

async function keysInUnit(context: UnitContext): Promise<number> {
    const counts = unitSlots(context).map((slot) =>
        context.source.call("CLUSTER", "COUNTKEYSINSLOT", String(slot)),
    );
    return (await Promise.all(counts)).reduce<number>((sum, count) => sum + Number(count), 0);
}

/** Moves the unit's slots that `from` owns to `to`; done when `from` owns none of them. */
async function moveSlots(context: UnitContext, from: string, to: string): Promise<void> {
    const source = context.connectTo(from);
    const target = context.connectTo(to);
    const slots = unitSlots(context);
    const { retryForMs } = context.options;
    let deadline = performance.now() + retryForMs;
    let fewest = Infinity;
    let why = "";
    for (let turn = 0; turn < FEWEST_TURNS || performance.now() < deadline; turn++) {
        context.checkLease();
        const [left, there] = await Promise.all([ownNode(source), ownNode(target)]);
        const owned = slotsAt(left, slots);
        if (owned.length < fewest) {
            fewest = owned.length;
            deadline = performance.now() + retryForMs;
        }
        // A move that turns round goes to its end first: keys of an open slot lie on both nodes.
        const turned = openBetween(there, left, slots);
        if (turned.length > 0) {
            await legacyMove(context, target, source, turned).catch(lookAgain);
            fewest = Infinity;
            continue;
        }
        const isOpen = openBetween(left, there, slots).length > 0;
        if (owned.length === 0 && !isOpen) {
            const arrived = slotsAt(there, slots).length;
            if (arrived > 0 || turn > 0) return;
        }
        if (context.migration.place === Place.Native && !isOpen) {
            why = (await nativeMove(context, [source, target], there.id, owned)) || why;
        } else {
            await legacyMove(context, source, target, slots).catch(lookAgain);
        }
    }
    throw new MigrationStopped(
        `The slots of unit ${context.unit.id} did not get on to ${to} for ${retryForMs} ms` +
            `${why === "" ? "" : ` (${why})`}. Nothing was lost, each slot is served by one server; ` +
            "see the servers' logs, then `logcaster shards resume`.",
    );
}

/** A slot changed hands since it was looked at: gossip, or a worker whose lease ran out, was faster. */
async function lookAgain(error: unknown): Promise<void> {
    const isPassed = error instanceof ErrorReply && /the owner of hash slot/i.test(error.message);
    if (!isPassed) throw error;
    await sleep(AGREE_POLL_MS);
}

/**
 * CLUSTER MIGRATESLOTS: the server copies, catches up and switches by itself, or not at all. Answers
 * what the server says of a job that failed.
 */
async function nativeMove(
    context: UnitContext,
    [source, target]: readonly [Connection, Connection],
    targetId: string,
    slots: readonly number[],
): Promise<string> {
    const ranges = rangesOf(slots);
    const words = ranges.flatMap(([first, last]) => [String(first), String(last)]);
    const begun = slots.length === 0 ? undefined : await newestJob(source, "EXPORT", ranges);
    if (slots.length > 0 && (!begun || isOver(begun))) {
        const command = ["MIGRATESLOTS", "SLOTSRANGE", ...words, "NODE", targetId];
        const begin = () => source.call("CLUSTER", ...command);
        const refusal = await handOver(source, target, context.handOver(), begin).then(
            () => undefined,
            (error: Error) => error,
        );
        // Perhaps somebody's job is still ending, or the nodes do not know of each other yet.
        if (refusal instanceof ErrorReply) {
            await sleep(AGREE_POLL_MS);
            return refusal.message;
        }
        if (refusal) throw refusal;
    }
    for (;;) {
        context.checkLease();
        const job = slots.length === 0 ? undefined : await newestJob(source, "EXPORT", ranges);
        if (!job || isOver(job)) {
            if (job?.get("state") === "success") return "";
            await sleep(AGREE_POLL_MS);
            // The source only knows that it lost the target; the target knows why.
            const there = job && (await newestJob(target, "IMPORT", ranges));
            return there?.get("message") || job?.get("message") || "";
        }
        if (context.currentWish() !== "run" && context.unit.state === "moving") {
            context.checkWish();
        }
        await sleep(POLL_MS);
    }
}

type Job = ReadonlyMap<string, string>;

/** The job for some of the slots: the one that runs, else the one that ended last. */
async function newestJob(
    member: Connection,
    operation: "EXPORT" | "IMPORT",
    ranges: ReturnType<typeof rangesOf>,
): Promise<Job | undefined> {
    const replies = (await member.call("CLUSTER", "GETSLOTMIGRATIONS")) as Reply[][];
    const jobs = replies
        .map((flat) => {
            const job = new Map<string, string>();
            for (let i = 0; i < flat.length; i += 2) job.set(String(flat[i]), String(flat[i + 1]));
            return job;
        })
        .filter((job) => job.get("operation") === operation && intersects(job, ranges));
    const age = (job: Job) => Number(job.get("last_update_time") ?? 0);
    return jobs.find((job) => !isOver(job)) ?? jobs.sort((a, b) => age(b) - age(a))[0];
}

function isOver(job: Job): boolean {
    return NATIVE_FINAL.has(job.get("state") ?? "");
}

function intersects(job: Job, ranges: ReturnType<typeof rangesOf>): boolean {
    const theirs = (job.get("slot_ranges") ?? "")
        .split(" ")
        .map((range) => range.split("-").map(Number));
    return theirs.some(([first, last]) =>
        ranges.some((range) => first! <= range[1] && (last ?? first!) >= range[0]),
    );
}

/** Waits until every node of the table sees the unit's slots at one owner. */
async function agree(context: UnitContext): Promise<void> {
    const { unit, options } = context;
    const owner = unit.state === "moved" ? unit.to : unit.from;
    const own = await ownNode(context.connectTo(owner));
    const { id } = own;
    // A partition that lay on several nodes comes in several units: only what is here by now counts.
    const slots = slotsAt(own, unitSlots(context));
    const deadline = performance.now() + options.retryForMs;
    for (const member of context.members()) {
        for (;;) {
            context.checkLease();
            const owners = slotOwners(await clusterNodes(member));
            if (slots.every((slot) => owners[slot] === id)) break;
            if (performance.now() > deadline) {
                throw new MigrationStopped(
                    `${member.label} does not see the slots of unit ${unit.id} at ${owner} after ` +
                        `${options.retryForMs} ms: check the cluster bus, then \`logcaster shards resume\`.`,
                );
            }
            await sleep(AGREE_POLL_MS);
        }
    }
}

async function publish(context: UnitContext, owner: string): Promise<void> {
    const { partitions } = context.unit;
    await context.changeTable((table) => {
        if (partitions.every((p) => table.owners[p]![0] === owner)) return undefined;
        const owners = table.owners.map((old, p) =>
            partitions.includes(p)
                ? [owner, ...old.slice(1).filter((name) => name !== owner)]
                : old,
        );
        return nextTable(table, { owners });
    });
}
