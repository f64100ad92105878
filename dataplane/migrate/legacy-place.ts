import { ErrorReply } from "redis";
import { Connection, ConnectionLost } from "../router/connection";
import { Script } from "../router/script";
import { type ClusterNode, clusterNodes, ownNode, slotsAt } from "./cluster";
import { handOver, type HandOver } from "./cluster-epoch";
import { MigrationStopped } from "./errors";
import { MIGRATE_DEFAULTS } from "./options";
import type { UnitContext } from "./unit-context";

/** Slots that are open at a time: opening and closing waits for both servers, whatever the number. */
const SLOTS_AT_A_TIME = 256;
/** MIGRATEs that wait at the source: enough to keep it busy, few enough for writers to get between. */
const MIGRATES_AT_A_TIME = 8;
const MIGRATE_TIMEOUT_MS = 60_000;

// ARGV: slot, most keys, most bytes.
// Keys of a slot, bounded both ways (one key at least), their bytes, and 1 when those are all.
const PICK = new Script(`
local keys = redis.call('CLUSTER', 'GETKEYSINSLOT', ARGV[1], ARGV[2])
local picked, total = {}, 0
for i = 1, #keys do
  local bytes = redis.call('MEMORY', 'USAGE', keys[i], 'SAMPLES', 1) or 0
  if i > 1 and total + bytes > tonumber(ARGV[3]) then break end
  picked[i] = keys[i]
  total = total + bytes
end
return {total, picked, #picked == #keys and #keys < tonumber(ARGV[2]) and 1 or 0}
`);

/** Slots that are half-way from one node to another, as either of the two says. */
export function openBetween(
    from: ClusterNode,
    to: ClusterNode,
    slots: readonly number[],
): number[] {
    return slots.filter(
        (slot) => from.migrating.get(slot) === to.id || to.importing.get(slot) === from.id,
    );
}

/** How a move is paced; a repair before any migration goes at full speed. */
interface Pace extends HandOver {
    readonly batchKeys: number;
    readonly batchBytes: number;
    /** Between two batches: throws when the work has to stop. */
    readonly check: () => void;
    readonly after: (keys: number, bytes: number, latencyMs: number) => Promise<void>;
}

/**
 * Moves slots by IMPORTING, MIGRATING and MIGRATE. The target becomes the owner before the source
 * forgets the slot, so a crash leaves no slot without one. Slots that a crash left open, by anybody,
 * are taken up where they are.
 */
export async function legacyMove(
    context: UnitContext,
    source: Connection,
    target: Connection,
    slots: readonly number[],
): Promise<void> {
    const pace: Pace = {
        ...context.options,
        ...context.handOver(),
        check: () => context.checkLease(),
        async after(keys, bytes, latencyMs) {
            context.count(keys, bytes);
            await context.throttle.after(keys, bytes, latencyMs);
        },
    };
    await gatherForeign(pace, source, target, slots);
    const [from, to] = await Promise.all([ownNode(source), ownNode(target)]);
    const open = openBetween(from, to, slots);
    const fresh = slotsAt(from, slots).filter((slot) => !open.includes(slot));
    await checkEmpty(target, fresh);
    for (const few of chunksOf([...open, ...fresh], SLOTS_AT_A_TIME)) {
        if (context.unit.state === "moving") context.checkWish();
        await carrySlots(pace, source, target, few);
    }
}

/** Opens slots, moves their keys and closes them; each of the steps may have been done before. */
async function carrySlots(
    pace: Pace,
    source: Connection,
    target: Connection,
    slots: readonly number[],
): Promise<void> {
    const [from, to] = await Promise.all([ownNode(source), ownNode(target)]);
    const arrived = new Set(slotsAt(to, slots));
    const toOpen = slots.filter((slot) => !arrived.has(slot));
    await Promise.all(toOpen.map((slot) => setSlot(target, slot, "IMPORTING", from.id)));
    await Promise.all(toOpen.map((slot) => setSlot(source, slot, "MIGRATING", to.id)));
    let full: readonly number[] = toOpen;
    while (full.length > 0) {
        const queue = full.values();
        const lanes = Array.from({ length: MIGRATES_AT_A_TIME }, async () => {
            for (const slot of queue) await emptySlot(pace, source, target, to, slot);
        });
        await Promise.all(lanes);
        // A key that stayed would be dropped with the slot.
        full = await slotsWithKeys(source, toOpen);
    }
    pace.check();
    await handOver(source, target, pace, async () => {
        // The new owner first, then the old one; everybody else hears it from the new owner.
        await Promise.all(slots.map((slot) => setSlot(target, slot, "NODE", to.id)));
        await Promise.all(
            slots.map((slot) =>
                setSlot(source, slot, "NODE", to.id).catch((error: unknown) => {
                    // It heard of the new owner by itself, and with its last slot gone follows it as a replica.
                    if (!/only with masters/i.test((error as Error).message)) throw error;
                }),
            ),
        );
    });
}

async function slotsWithKeys(node: Connection, slots: readonly number[]): Promise<number[]> {
    const counts = await Promise.all(
        slots.map((slot) => node.call("CLUSTER", "COUNTKEYSINSLOT", String(slot))),
    );
    return slots.filter((_, index) => Number(counts[index]) > 0);
}

/** Before a slot is opened its target may hold no key of it. */
async function checkEmpty(target: Connection, slots: readonly number[]): Promise<void> {
    const occupied = await slotsWithKeys(target, slots);
    if (occupied.length === 0) return;
    throw new MigrationStopped(
        `${target.label} already holds keys of slots it does not own (${occupied.slice(0, 3).join(", ")}): ` +
            "they would be mixed up. Nothing was moved; look at them, delete them there, then " +
            "`logcaster shards resume`.",
    );
}

/** Moves a slot's keys in batches until the source has none. */
async function emptySlot(
    pace: Pace,
    source: Connection,
    target: Connection,
    to: ClusterNode,
    slot: number,
): Promise<void> {
    const limits = [String(slot), String(pace.batchKeys), String(pace.batchBytes)];
    for (;;) {
        pace.check();
        const startedAt = performance.now();
        const answer = await source.run(PICK, [], limits, true);
        const [bytes, keys, isAll] = answer as [number, Buffer[], number];
        if (keys.length === 0) return;
        await migrateKeys(source, target, to, keys, true);
        // What the throttle minds is the source's time for one batch, without the queue before it.
        const latencyMs = (performance.now() - startedAt) / MIGRATES_AT_A_TIME;
        await pace.after(keys.length, bytes, latencyMs);
        if (isAll === 1) return;
    }
}

/** MIGRATE. While a slot is open the source is right about every key it still has: it may replace. */
async function migrateKeys(
    source: Connection,
    target: Connection,
    to: ClusterNode,
    keys: readonly Buffer[],
    mayReplace: boolean,
): Promise<void> {
    const { username, password } = new URL(target.options.url);
    const auth =
        password === ""
            ? []
            : username === ""
              ? ["AUTH", decodeURIComponent(password)]
              : ["AUTH2", decodeURIComponent(username), decodeURIComponent(password)];
    const replace = mayReplace ? ["REPLACE"] : [];
    const where = [to.host, String(to.port), "", "0", String(MIGRATE_TIMEOUT_MS)];
    try {
        await source.call("MIGRATE", ...where, ...replace, ...auth, "KEYS", ...keys);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        // A target that restarts says so through the source.
        if (/^IOERR|CLUSTERDOWN|LOADING|MASTERDOWN|TRYAGAIN/.test(message))
            throw new ConnectionLost(`${target.label}: ${message}`);
        if (message.includes("OOM")) {
            throw new MigrationStopped(
                `${target.label} is out of memory (${message}). Nothing was lost, each key is on one ` +
                    "server: raise maxmemory or free memory, then `logcaster shards resume`.",
            );
        }
        throw error;
    }
}

async function setSlot(
    node: Connection,
    slot: number,
    what: "IMPORTING" | "MIGRATING" | "NODE" | "STABLE",
    id?: string,
): Promise<void> {
    const words = id === undefined ? [] : [id];
    await node.call("CLUSTER", "SETSLOT", String(slot), what, ...words);
}

/**
 * Slots that somebody opened towards a third node go there first and then to the target. Their keys
 * lie on two nodes: only by going on with the move can all of them be gathered while clients write.
 */
async function gatherForeign(
    pace: Pace,
    source: Connection,
    target: Connection,
    slots: readonly number[],
): Promise<void> {
    const [from, to] = await Promise.all([ownNode(source), ownNode(target)]);
    const foreign = slots.filter((slot) => ![undefined, to.id].includes(from.migrating.get(slot)));
    if (foreign.length === 0) return;
    const view = await clusterNodes(source);
    for (const slot of foreign) {
        const other = view.find((node) => node.id === from.migrating.get(slot));
        if (!other) {
            await setSlot(source, slot, "STABLE");
            continue;
        }
        const stop = memberAt(source, other);
        try {
            await carrySlots(pace, source, stop, [slot]);
            await carrySlots(pace, stop, target, [slot]);
        } finally {
            stop.close();
        }
    }
}

/** Ends what was begun by nobody knows whom: an owner that does not give the slot away keeps it. */
async function returnStrays(owner: Connection, importing: Connection, slot: number): Promise<void> {
    const home = await ownNode(owner);
    for (;;) {
        const batch = ["CLUSTER", "GETKEYSINSLOT", String(slot), "100"];
        const keys = (await importing.callBytes(...batch)) as Buffer[];
        if (keys.length === 0) break;
        for (const key of keys) {
            try {
                await migrateKeys(importing, owner, home, [key], false);
            } catch (error) {
                // The owner has served this key all the time: its value is the newer one.
                if (!(error instanceof ErrorReply) || !error.message.includes("BUSYKEY"))
                    throw error;
                await importing.run(DROP, [], [key]);
            }
        }
    }
    await setSlot(importing, slot, "STABLE");
}

// A script without declared keys may touch a key of a slot that is being imported.
const DROP = new Script("return redis.call('DEL', ARGV[1])");

const FULL_SPEED = {
    ...MIGRATE_DEFAULTS,
    check: () => undefined,
    // Before a migration begins nobody moves slots but the one who repairs them.
    inTurn: <T>(action: () => Promise<T>) => action(),
    after: async () => undefined,
};

/**
 * Closes every slot that is open anywhere, whoever left it so. A slot its owner was giving away goes
 * on to where it was going, for its keys lie on both; from an owner that gives nothing away no slot
 * is taken. Answers the slots.
 */
export async function repairOpenSlots(members: readonly Connection[]): Promise<number[]> {
    const repaired = new Set<number>();
    for (const member of members) {
        const view = await clusterNodes(member);
        const own = view.find((node) => node.flags.includes("myself"))!;
        for (const [slot, goal] of own.migrating) {
            repaired.add(slot);
            const other = view.find((node) => node.id === goal);
            if (!other || slotsAt(own, [slot]).length === 0) {
                await setSlot(member, slot, "STABLE");
                continue;
            }
            const target = memberAt(member, other);
            const pace = { ...FULL_SPEED, members };
            await carrySlots(pace, member, target, [slot]).finally(() => target.close());
        }
    }
    for (const member of members) {
        const { id, importing } = await ownNode(member);
        for (const slot of importing.keys()) {
            repaired.add(slot);
            const nodes = await Promise.all(members.map((one) => ownNode(one)));
            const owner = nodes.findIndex((node) => slotsAt(node, [slot]).length > 0);
            if (owner >= 0 && nodes[owner]!.id !== id) {
                await returnStrays(members[owner]!, member, slot);
            } else await setSlot(member, slot, "STABLE");
        }
    }
    return [...repaired].sort((a, b) => a - b);
}

function memberAt(like: Connection, node: ClusterNode): Connection {
    const url = new URL(like.options.url);
    url.host = `${node.host}:${node.port}`;
    return new Connection({ ...like.options, url: url.toString() });
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
        items.slice(index * size, (index + 1) * size),
    );
}
