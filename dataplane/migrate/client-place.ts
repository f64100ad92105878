import { setTimeout as sleep } from "node:timers/promises";
import { nextTable, type PartitionTable } from "logcaster-model/partitions";
import type { Connection } from "../router/connection";
import { dirtyKey, drainingKey, STATES_KEY } from "../router/guard";
import { copyKeys, drain, keysOfPartitions } from "./copy";
import { BadInput, MigrationStopped } from "./errors";
import { CLAIM, DELETE, FENCE, SEAL, SET_STATE } from "./lua";
import { Parked, type UnitContext } from "./unit-context";
import { verifyUnit } from "./verify";

const POLL_MS = 20;
const MOST_CATCH_UP_ROUNDS = 100;

/**
 * One step of a unit between two independent servers; call it until the state is final.
 * Every step may be repeated from its start: by this worker, by another, after a crash of anything.
 */
export async function clientStep(context: UnitContext): Promise<void> {
    await claim(context);
    switch (context.unit.state) {
        case "planned":
            return prepare(context);
        case "prepared":
            return capture(context);
        case "guarded":
            return context.enter("copying");
        case "copying":
            return copyAll(context);
        case "copied":
            return verify(context);
        case "verified":
            return startCutOver(context);
        case "fencing":
            return switchTo(context);
        case "switched":
            return keepReverse(context);
        case "cleaning":
            return clean(context, context.target, context.source, "done");
        case "undoing":
            return undo(context);
        case "returning":
            return returnToSource(context);
        case "returned":
            return clean(context, context.source, context.target, "rolled-back");
        default:
            throw new MigrationStopped(
                `Unit ${context.unit.id} is in state ${context.unit.state}, which client mode does ` +
                    "not know: the journal is of another kind of migration.",
            );
    }
}

/** The state in which the unit is undone, for an operator's wish; undefined when there is nothing. */
export async function clientDetour(
    context: UnitContext,
    wish: "abort" | "rollback",
): Promise<"undoing" | "returning" | undefined> {
    const { state } = context.unit;
    if (state === "planned") return "undoing";
    if (["prepared", "guarded", "copying", "copied", "verified"].includes(state)) return "undoing";
    if (state === "fencing") {
        // The commit point is on the source itself.
        if (!(await isSealed(context))) return "undoing";
        await claim(context);
        await switchTo(context);
    }
    return wish === "rollback" && context.unit.state === "switched" ? "returning" : undefined;
}

async function claim(context: UnitContext): Promise<void> {
    await context.guarded(context.source, CLAIM, [], []);
    await context.guarded(context.target, CLAIM, [], []);
}

async function prepare(context: UnitContext): Promise<void> {
    const table = await currentTable(context);
    const { unit, target } = context;
    const misplaced = unit.partitions.filter((p) => table.owners[p]![0] !== unit.from);
    if (misplaced.length > 0) {
        throw new MigrationStopped(
            `Partitions ${misplaced.join(", ")} are not on ${unit.from} any more: the table was ` +
                "changed since the plan. Abort this migration and plan again.",
        );
    }
    await probeFormat(context);
    for await (const keys of keysOfPartitions(target, table, new Set(unit.partitions))) {
        context.checkWish();
        const example = JSON.stringify(keys[0]!.toString());
        throw new MigrationStopped(
            `${unit.to} already holds keys of partitions that ${unit.from} owns (${example}): they ` +
                "would be mixed up. Nothing was changed; look at them, delete them on " +
                `${unit.to}, then \`logcaster shards resume\`.`,
        );
    }
    const keysTotal = Math.round(
        (Number(await context.source.call("DBSIZE")) * unit.partitions.length) /
            Math.max(table.owners.filter(([primary]) => primary === unit.from).length, 1),
    );
    const generation = Number(await context.journal.nextToken());
    await context.enter("prepared", { generation, keysTotal });
}

/** A dump of the source must be readable by the target, whatever the two call themselves. */
async function probeFormat({ source, target, unit }: UnitContext): Promise<void> {
    const key = `${STATES_KEY}:probe:${unit.id}`;
    await source.call("SET", key, "probe", "PX", "60000");
    const dump = await source.callBytes("DUMP", key);
    await source.call("DEL", key);
    if (!Buffer.isBuffer(dump)) return;
    try {
        await target.call("RESTORE", key, "60000", dump, "REPLACE");
    } catch (error) {
        const why = (error as Error).message;
        if (!why.includes("DUMP payload")) throw error;
        throw new BadInput(
            `${unit.to} cannot read what ${unit.from} writes (${why}): it runs an older or ` +
                "different server. Move to a server at least as new as the source.",
        );
    }
    await target.call("DEL", key);
}

/** From here on every write leaves a note on the source. */
async function capture(context: UnitContext): Promise<void> {
    const { partitions, generation } = context.unit;
    const table = await context.changeTable((current) => {
        if (partitions.every((p) => current.guarded.includes(p))) return undefined;
        return nextTable(current, { guarded: [...current.guarded, ...partitions] });
    });
    await waitForRouters(context, table.epoch);
    await context.guarded(context.source, SET_STATE, [], [`capturing ${generation}`]);
    await context.enter("guarded");
}

async function waitForRouters(context: UnitContext, epoch: number): Promise<void> {
    const deadline = performance.now() + context.options.routerWaitMs;
    for (;;) {
        const behind = await context.metadata.routersBehind(epoch);
        if (behind.length === 0) return;
        if (performance.now() > deadline) {
            throw new MigrationStopped(
                `Routers ${behind.join(", ")} keep their lease but do not take epoch ${epoch} over. ` +
                    "Nothing was moved; restart them, then `logcaster shards resume`.",
            );
        }
        context.checkWish();
        await sleep(POLL_MS);
    }
}

async function copyAll(context: UnitContext): Promise<void> {
    await checkCapturing(context);
    const table = await currentTable(context);
    context.unit = { ...context.unit, keysCopied: 0, bytesCopied: 0 };
    for await (const keys of keysOfPartitions(
        context.source,
        table,
        new Set(context.unit.partitions),
    )) {
        context.checkWish();
        await copyKeys(context, context.source, context.target, keys);
    }
    // The total was an estimate until now.
    await context.enter("copied", { keysTotal: context.unit.keysCopied });
    context.count(0, 0);
}

async function verify(context: UnitContext): Promise<void> {
    await checkCapturing(context);
    await catchUp(context, context.source, context.target);
    await verifyUnit(context, await currentTable(context));
    await context.enter("verified");
}

async function startCutOver(context: UnitContext): Promise<void> {
    await checkCapturing(context);
    const generation = Number(await context.journal.nextToken());
    await context.enter("fencing", { generation });
}

async function switchTo(context: UnitContext): Promise<void> {
    const { partitions, from, to, generation } = context.unit;
    const pauseMs = await cutOver(context, context.source, context.target, to);
    await context.guarded(context.target, SET_STATE, [], [`capturing ${generation}`]);
    await giveOwnership(context, partitions, from, to);
    await context.enter("switched", {
        pauseMs: Math.max(pauseMs, context.unit.pauseMs),
        switchedAtMs: Date.now(),
    });
}

async function returnToSource(context: UnitContext): Promise<void> {
    const { partitions, from, to } = context.unit;
    await cutOver(context, context.target, context.source, from);
    const state = `capturing ${context.unit.generation}`;
    await context.guarded(context.source, SET_STATE, [], [state]);
    await giveOwnership(context, partitions, to, from);
    await context.enter("returned");
}

/**
 * Moves the right to write from one server to the other. Writers wait while the fence stands; it
 * falls by itself when this worker dies. SEAL, on the server they leave, is the one commit point: a
 * router that still comes there is sent on by the server, whatever its table says.
 * Answers the milliseconds writers were held up.
 */
async function cutOver(
    context: UnitContext,
    from: Connection,
    to: Connection,
    shard: string,
): Promise<number> {
    const { partitions, generation } = context.unit;
    const { maxPauseMs, maxFences } = context.options;
    const sets = partitions.flatMap((p) => [dirtyKey(p), drainingKey(p)]);
    for (let fences = 0; fences < maxFences; fences++) {
        await catchUp(context, from, to);
        const fencedAt = performance.now();
        await context.guarded(from, FENCE, [], [String(generation), String(maxPauseMs)]);
        while ((await drain(context, from, to)) > 0) {
            if (performance.now() - fencedAt > maxPauseMs) break;
        }
        const sealed = await context.guarded(from, SEAL, sets, [String(generation), shard]);
        if (sealed === 1) return performance.now() - fencedAt;
        await context.guarded(from, SET_STATE, [], [`capturing ${generation}`]);
    }
    throw new MigrationStopped(
        `The last writes of unit ${context.unit.id} could not be copied within ${maxPauseMs} ms in ` +
            `${maxFences} attempts: a big key is written all the time. Nothing was switched; allow a ` +
            "longer pause with `logcaster shards resume --max-pause-ms N`.",
    );
}

/** Copies noted keys until few enough are left for a short fence, or they no longer get fewer. */
async function catchUp(context: UnitContext, from: Connection, to: Connection): Promise<void> {
    for (let round = 0; round < MOST_CATCH_UP_ROUNDS; round++) {
        context.checkLease();
        if ((await drain(context, from, to)) <= context.options.fenceBelowKeys) return;
    }
}

async function giveOwnership(
    context: UnitContext,
    partitions: readonly number[],
    from: string,
    to: string,
): Promise<void> {
    await context.changeTable((table) => {
        if (partitions.every((p) => table.owners[p]![0] === to)) return undefined;
        const owners = table.owners.map((old, p) =>
            partitions.includes(p) && old[0] === from
                ? [to, ...old.slice(1).filter((name) => name !== to)]
                : old,
        );
        return nextTable(table, { owners });
    });
}

/** Keeps the old owner in step until the window for a rollback by a mere switch is over. */
async function keepReverse(context: UnitContext): Promise<void> {
    await drain(context, context.target, context.source);
    const openUntil = context.unit.switchedAtMs + context.migration.rollbackWindowMs;
    if (Date.now() < openUntil) throw new Parked();
    await context.enter("cleaning");
}

/** Ends the capture on the server that owns the partitions and deletes them on the other. */
async function clean(
    context: UnitContext,
    owner: Connection,
    other: Connection,
    end: "done" | "rolled-back",
): Promise<void> {
    await context.guarded(owner, SET_STATE, [], [`open ${context.unit.generation}`]);
    await dropNotes(context, owner);
    await unguard(context);
    await deleteKeys(context, other);
    await dropNotes(context, other);
    await context.enter(end);
}

async function undo(context: UnitContext): Promise<void> {
    if (await isSealed(context)) return context.enter("fencing");
    const { generation } = context.unit;
    await context.guarded(context.source, SET_STATE, [], [`open ${generation}`]);
    await unguard(context);
    await dropNotes(context, context.source);
    if (generation > 0) await deleteKeys(context, context.target);
    await context.enter("undone");
}

async function unguard(context: UnitContext): Promise<void> {
    const { partitions } = context.unit;
    await context.changeTable((table) => {
        const guarded = table.guarded.filter((p) => !partitions.includes(p));
        return guarded.length === table.guarded.length ? undefined : nextTable(table, { guarded });
    });
}

async function deleteKeys(context: UnitContext, server: Connection): Promise<void> {
    const table = await currentTable(context);
    for await (const keys of keysOfPartitions(server, table, new Set(context.unit.partitions))) {
        await context.guarded(server, DELETE, keys, []);
    }
}

async function dropNotes(context: UnitContext, server: Connection): Promise<void> {
    const sets = context.unit.partitions.flatMap((p) => [dirtyKey(p), drainingKey(p)]);
    await context.guarded(server, DELETE, sets, []);
}

async function isSealed({ source, unit }: UnitContext): Promise<boolean> {
    const fields = unit.partitions.map(String);
    const states = (await source.call("HMGET", STATES_KEY, ...fields)) as (string | null)[];
    return states.every((state) => state?.startsWith("away ") && state.endsWith(` ${unit.to}`));
}

/** The source must still note writes: a server that lost its disk does not. */
async function checkCapturing({ source, unit }: UnitContext): Promise<void> {
    const fields = unit.partitions.map(String);
    const states = (await source.call("HMGET", STATES_KEY, ...fields)) as (string | null)[];
    if (states.every((state) => /^(capturing|fenced) /.test(state ?? ""))) return;
    throw new MigrationStopped(
        `${unit.from} has forgotten that it notes writes: it came back without its data, or a replica ` +
            "that lagged took over. Nothing was switched: `logcaster shards abort`, then migrate again.",
    );
}

async function currentTable(context: UnitContext): Promise<PartitionTable> {
    return context.changeTable(() => undefined);
}
