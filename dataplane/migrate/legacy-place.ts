import { ErrorReply } from "redis";
import { Connection, ConnectionLost } from "../router/connection";
import { Script } from "../router/script";
import { type ClusterNode, clusterNodes, ownNode, slotOwners } from "./cluster";
import { MigrationStopped } from "./errors";
import type { UnitContext } from "./unit-context";

/** Slots that are open at a time: enough to keep the pipeline full, few enough to close soon. */
const SLOTS_AT_A_TIME = 64;
const MIGRATE_TIMEOUT_MS = 60_000;

// ARGV: slot, most keys, most bytes. Keys of a slot, bounded both ways (one key at least), and bytes.
const PICK = new Script(`
local keys = redis.call('CLUSTER', 'GETKEYSINSLOT', ARGV[1], ARGV[2])
local picked, total = {}, 0
for i = 1, #keys do
  local bytes = redis.call('MEMORY', 'USAGE', keys[i], 'SAMPLES', 1) or 0
  if i > 1 and total + bytes > tonumber(ARGV[3]) then break end
  picked[i] = keys[i]
  total = total + bytes
end
return {total, picked}
`);

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
    const [from, to] = await Promise.all([ownNode(source), ownNode(target)]);
    await closeForeign(context, from, to, slots);
    const fromOwners = slotOwners([from]);
    const work = slots.filter((slot) => fromOwners[slot] === from.id || to.importing.has(slot));
    for (let start = 0; start < work.length; start += SLOTS_AT_A_TIME) {
        if (context.unit.state === "moving") context.checkWish();
        const few = work.slice(start, start + SLOTS_AT_A_TIME);
        await openSlots(source, target, from, to, few);
        await Promise.all(few.map((slot) => emptySlot(context, source, target, to, slot)));
        await closeSlots(context, source, target, to, few);
    }
}

async function openSlots(
    source: Connection,
    target: Connection,
    from: ClusterNode,
    to: ClusterNode,
    slots: readonly number[],
): Promise<void> {
    const owned = slotOwners([to]);
    const toOpen = slots.filter((slot) => owned[slot] !== to.id);
    const unopened = toOpen.filter((slot) => !to.importing.has(slot));
    const counts = await Promise.all(
        unopened.map((slot) => target.call("CLUSTER", "COUNTKEYSINSLOT", String(slot))),
    );
    const occupied = unopened.filter((_, index) => Number(counts[index]) > 0);
    if (occupied.length > 0) {
        throw new MigrationStopped(
            `${target.label} already holds keys of slots it does not own (${occupied.slice(0, 3).join(", ")}): ` +
                "they would be mixed up. Nothing was moved; look at them, delete them there, then " +
                "`logcaster shards resume`.",
        );
    }
    await Promise.all(toOpen.map((slot) => setSlot(target, slot, "IMPORTING", from.id)));
    await Promise.all(toOpen.map((slot) => setSlot(source, slot, "MIGRATING", to.id)));
}

/** Moves a slot's keys in batches until the source has none. */
async function emptySlot(
    context: UnitContext,
    source: Connection,
    target: Connection,
    to: ClusterNode,
    slot: number,
): Promise<void> {
    const { batchKeys, batchBytes } = context.options;
    const limits = [String(slot), String(batchKeys), String(batchBytes)];
    for (;;) {
        context.checkLease();
        const startedAt = performance.now();
        const [bytes, keys] = (await source.run(PICK, [], limits, true)) as [number, Buffer[]];
        if (keys.length === 0) return;
        await migrateKeys(source, target, to, keys, true);
        context.count(keys.length, bytes);
        // What the throttle minds is the source's time for one batch, without the queue before it.
        const latencyMs = (performance.now() - startedAt) / SLOTS_AT_A_TIME;
        await context.throttle.after(keys.length, bytes, latencyMs);
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

/** The new owner first, then the old one, then everybody else (who would hear it by gossip). */
async function closeSlots(
    context: UnitContext,
    source: Connection,
    target: Connection,
    to: ClusterNode,
    slots: readonly number[],
): Promise<void> {
    await Promise.all(slots.map((slot) => setSlot(target, slot, "NODE", to.id)));
    await Promise.all(
        slots.map((slot) =>
            setSlot(source, slot, "NODE", to.id).catch((error: unknown) => {
                // It heard of the new owner by itself, and with its last slot gone follows it as a replica.
                if (!/only with masters/i.test((error as Error).message)) throw error;
            }),
        ),
    );
    context.checkLease();
}

async function setSlot(node: Connection, slot: number, what: string, id: string): Promise<void> {
    await node.call("CLUSTER", "SETSLOT", String(slot), what, id);
}

/** Slots that somebody opened towards a third node go back to their owner first. */
async function closeForeign(
    context: UnitContext,
    from: ClusterNode,
    to: ClusterNode,
    slots: readonly number[],
): Promise<void> {
    const source = context.connectTo(context.unit.from);
    const foreign = slots.filter((slot) => {
        const goal = from.migrating.get(slot);
        return goal !== undefined && goal !== to.id && from.id !== goal;
    });
    if (foreign.length === 0) return;
    const view = await clusterNodes(source);
    for (const slot of foreign) {
        const other = view.find((node) => node.id === from.migrating.get(slot));
        if (!other) continue;
        const importing = memberAt(source, other);
        await closeSlot(source, importing, slot).finally(() => importing.close());
    }
}

/**
 * Ends a slot's half-done move: keys that only the importing node has go back to the owner; where
 * both have a key the owner is right. Then both call the slot stable.
 */
export async function closeSlot(
    owner: Connection,
    importing: Connection,
    slot: number,
): Promise<void> {
    const home = await ownNode(owner);
    for (;;) {
        const batch = ["CLUSTER", "GETKEYSINSLOT", String(slot), "100"];
        const keys = (await importing.callBytes(...batch)) as Buffer[];
        if (keys.length === 0) break;
        for (const key of keys) {
            try {
                await migrateKeys(importing, owner, home, [key], false);
            } catch (error) {
                if (!(error instanceof ErrorReply) || !error.message.includes("BUSYKEY"))
                    throw error;
                await importing.run(DROP, [], [key]);
            }
        }
    }
    await importing.call("CLUSTER", "SETSLOT", String(slot), "STABLE");
    await owner.call("CLUSTER", "SETSLOT", String(slot), "STABLE");
}

// A script without declared keys may touch a key of a slot that is being imported.
const DROP = new Script("return redis.call('DEL', ARGV[1])");

/** Closes every slot that is open anywhere, whoever left it so. Answers the slots. */
export async function repairOpenSlots(members: readonly Connection[]): Promise<number[]> {
    const repaired: number[] = [];
    const own = await Promise.all(members.map((member) => ownNode(member)));
    for (const [index, node] of own.entries()) {
        for (const slot of new Set([...node.migrating.keys(), ...node.importing.keys()])) {
            const ownerIndex = own.findIndex(
                (candidate) => slotOwners([candidate])[slot] === candidate.id,
            );
            const importerIndex = own.findIndex((candidate) => candidate.importing.has(slot));
            const owner = members[ownerIndex];
            if (!owner || repaired.includes(slot)) continue;
            if (importerIndex >= 0) await closeSlot(owner, members[importerIndex]!, slot);
            else await members[index]!.call("CLUSTER", "SETSLOT", String(slot), "STABLE");
            repaired.push(slot);
        }
    }
    return repaired.sort((a, b) => a - b);
}

function memberAt(like: Connection, node: ClusterNode): Connection {
    const url = new URL(like.options.url);
    url.host = `${node.host}:${node.port}`;
    return new Connection({ ...like.options, url: url.toString() });
}
