import { randomUUID } from "node:crypto";
import {
    compareNames,
    nextTable,
    type Plan,
    planTo,
    type PartitionTable,
    primaryOf,
    SLOT_COUNT,
    type ShardNode,
    TableMode,
    tableText,
} from "logcaster-model/partitions";
import type { Connection } from "../router/connection";
import type { MetadataStore } from "../router/metadata";
import { clusterNodes, hasNativeMigration, ownNode, serverInfo, slotOwners } from "./cluster";
import { waitUntilWhole } from "./cluster-form";
import { BadInput } from "./errors";
import { isFinal, type Migration, mustBeOurs, Place, type Unit } from "./journal";
import type { JournalStore } from "./journal-store";
import { repairOpenSlots } from "./legacy-place";
import type { MigrateOptions } from "./options";

/** Redis 7 has PEXPIRETIME, ABSTTL, cluster-port and functions the migration stands on. */
const OLDEST_MAJOR = 7;

/** What a new migration is to reach. */
export interface Goal {
    readonly metadata: MetadataStore;
    readonly table: PartitionTable;
    readonly nodes: readonly ShardNode[];
    readonly options: MigrateOptions;
    readonly rollbackWindowMs: number;
    readonly nowMs: number;
    readonly connectTo: (shard: string) => Connection;
    /** Refuse the servers' own migration and use MIGRATE. @default false */
    readonly forceLegacy?: boolean;
    /** A plan made elsewhere, for a way back. @default the planner's */
    readonly plan?: Plan;
}

/**
 * Writes a new migration into the journal. In cluster mode also slots that are not where the table
 * says (a cluster somebody else laid out) are put right.
 * @throws BadInput when the servers cannot do it or another migration is under way.
 */
export async function startMigration(
    journal: JournalStore,
    goal: Goal,
): Promise<{ migration: Migration; units: Unit[] }> {
    const { table } = goal;
    if (table.copies > 1) {
        throw new BadInput(
            `The table has ${table.copies} copies of each partition, and only 1 can be migrated: further ` +
                "owners would get no data. Keep copies as replicas of each shard's own server, and " +
                "make a table with 1 copy.",
        );
    }
    const previous = await journal.migration();
    if (previous) {
        const units = await journal.units(previous.migration.id);
        const open = units.filter((unit) => !isFinal(unit.state)).length;
        if (open > 0) {
            mustBeOurs(previous.migration);
            throw new BadInput(
                `Migration ${previous.migration.id} is under way with ${open} unfinished units, and one ` +
                    "at a time is allowed: `logcaster shards resume`, `abort` or `rollback` it first.",
            );
        }
    }
    const plan = goal.plan ?? planTo(table, { nodes: goal.nodes });
    const names = new Set([...table.nodes, ...goal.nodes].map((node) => node.name));
    await checkVersions([...names].map((name) => goal.connectTo(name)));
    const place = await choosePlace(goal);
    const routes =
        place === Place.Client
            ? plan.moves.map(({ partition, from, to }) => ({ partition, from, to }))
            : await clusterRoutes(goal, plan);
    const units = unitsOf(routes, goal.options.partitionsPerUnit);
    await announceNodes(goal);
    const migration: Migration = {
        id: randomUUID(),
        place,
        wish: "run",
        fromEpoch: table.epoch,
        before: tableText(table),
        target: tableText(plan.target),
        rollbackWindowMs: goal.rollbackWindowMs,
        startedAtMs: goal.nowMs,
        finishedAtMs: 0,
    };
    if (!(await journal.start(migration, units, previous?.text ?? ""))) {
        throw new BadInput(
            "Somebody else has started a migration at the same moment: see `status`.",
        );
    }
    return { migration, units };
}

/** Routers must know a shard before anything may point there. */
async function announceNodes({ metadata, table, nodes }: Goal): Promise<void> {
    const isKnown = (name: string) => table.nodes.some((node) => node.name === name);
    // Shards that stay may have a new weight, URL or replicas.
    const kept = table.nodes.map((node) => nodes.find(({ name }) => name === node.name) ?? node);
    const all = [...kept, ...nodes.filter((node) => !isKnown(node.name))];
    const next = nextTable(table, { nodes: all });
    if (tableText({ ...next, epoch: table.epoch }) === tableText(table)) return;
    await metadata.putTable(next, table.epoch);
}

interface Route {
    readonly partition: number;
    readonly from: string;
    readonly to: string;
}

function unitsOf(routes: readonly Route[], most: number): Unit[] {
    const groups = new Map<string, Route[]>();
    for (const route of routes) {
        const key = `${route.from}>${route.to}`;
        groups.set(key, [...(groups.get(key) ?? []), route]);
    }
    const units: Unit[] = [];
    for (const group of groups.values()) {
        const { from, to } = group[0]!;
        for (let start = 0; start < group.length; start += most) {
            const partitions = group.slice(start, start + most).map((route) => route.partition);
            const id = `${from}-${to}-${partitions[0]}`;
            const counts = {
                keysCopied: 0,
                bytesCopied: 0,
                keysTotal: 0,
                pauseMs: 0,
                switchedAtMs: 0,
            };
            units.push({
                id,
                from,
                to,
                partitions,
                state: "planned",
                generation: 0,
                ...counts,
                problem: "",
            });
        }
    }
    return units;
}

async function choosePlace({ table, nodes, connectTo, forceLegacy }: Goal): Promise<Place> {
    if (table.mode === TableMode.Client) return Place.Client;
    const members = [...table.nodes, ...nodes].map((node) => connectTo(node.name));
    const native = await Promise.all(members.map((member) => hasNativeMigration(member)));
    return native.every(Boolean) && !forceLegacy ? Place.Native : Place.Legacy;
}

async function checkVersions(members: readonly Connection[]): Promise<void> {
    const problems: string[] = [];
    for (const member of members) {
        const info = await serverInfo(member, "server");
        const version = info.get("valkey_version") ?? info.get("redis_version") ?? "unknown";
        if (Number.parseInt(version, 10) >= OLDEST_MAJOR) continue;
        problems.push(`${member.label} runs ${version}`);
    }
    if (problems.length === 0) return;
    throw new BadInput(
        `${problems.join("; ")}: version ${OLDEST_MAJOR} or newer is needed (PEXPIRETIME and RESTORE ` +
            "with ABSTTL). Nothing was done.",
    );
}

/** Who has to give which partition's slots to whom, by where the slots really are. */
async function clusterRoutes(goal: Goal, plan: Plan): Promise<Route[]> {
    const shards = [...new Set([...goal.table.nodes, ...goal.nodes].map((node) => node.name))];
    const members = shards.map(goal.connectTo);
    await repairOpenSlots(members);
    // Right after a change nodes still tell each other of it.
    await waitUntilWhole(members, goal.options.agreeMs);
    const ids = await Promise.all(members.map(async (member) => (await ownNode(member)).id));
    const nameOf = new Map(ids.map((id, index) => [id, shards[index]!]));
    const owners = slotOwners(await clusterNodes(members[0]!));
    const width = SLOT_COUNT / plan.target.owners.length;
    const routes: Route[] = [];
    for (let partition = 0; partition < plan.target.owners.length; partition++) {
        const to = primaryOf(plan.target, partition);
        const here = owners.slice(partition * width, (partition + 1) * width);
        for (const id of new Set(here)) {
            const from = nameOf.get(id!);
            if (from === undefined) {
                throw new BadInput(
                    `Slots of partition ${partition} are on node ${id}, which is none of the shards ` +
                        `${shards.join(", ")}: name it with --shard.`,
                );
            }
            if (from !== to) routes.push({ partition, from, to });
        }
    }
    return routes.sort((a, b) => compareNames(a.from, b.from) || a.partition - b.partition);
}
