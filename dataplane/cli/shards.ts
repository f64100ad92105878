import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import {
    DEFAULT_PARTITIONS,
    initialTable,
    parseTable,
    partitionsOf,
    type PartitionTable,
    planTo,
    type Plan,
    type ShardNode,
    tableDigest,
    TableMode,
    tableText,
} from "logcaster-model/partitions";
import { BadInput } from "../migrate/errors";
import { isFinal, mustBeOurs, Place } from "../migrate/journal";
import { MIGRATE_DEFAULTS, type MigrateOptions } from "../migrate/options";
import { Session } from "../migrate/session";
import { estimate, verifyAll } from "../migrate/survey";
import type { Outcome } from "../migrate/worker";
import { tableOfCluster } from "../migrate/cluster-table";
import { addElastiCacheOptions, migrateElastiCache } from "./elasticache";
import { bytes, eventSink, print, runs, table as columns } from "./output";
import { EXIT } from "./run";
import { collect, shardFlag, wholeNumber } from "./values";

const DEFAULT_JOURNAL = ".logcaster";

interface CommonFlags {
    readonly metadata: string;
    readonly journal: string;
    readonly json?: boolean;
}

interface TargetFlags {
    readonly shard?: ShardNode[];
    readonly add?: ShardNode[];
    readonly remove?: string[];
}

type TuningFlags = Partial<MigrateOptions> & { rollbackWindow?: number };

/** `logcaster shards ...` */
export function addShardsCommand(program: Command): void {
    const shards = program
        .command("shards")
        .description("Partitions: layout, plans and live migration");
    addInit(shards);
    addShow(shards);
    addPlan(shards);
    addMigrate(shards);
    addWork(shards, "resume", "run", "Go on with a migration, or join it as one more worker");
    addWork(shards, "abort", "abort", "Undo what is not switched yet; what is switched stays");
    addPause(shards);
    addStatus(shards);
    addVerify(shards);
    addRollback(shards);
}

function common(command: Command, example: string): Command {
    const metadata = new Option("--metadata <url>", "Valkey or Redis that holds table and journal");
    return command
        .addOption(metadata.env("LOGCASTER_METADATA_URL").makeOptionMandatory())
        .option("--journal <dir>", "where the journal's local copy goes", DEFAULT_JOURNAL)
        .option("--json", "print JSON")
        .addHelpText("after", `\nExample:\n  logcaster shards ${example}`);
}

function target(command: Command): Command {
    return command
        .option("--shard <name=url>", "a shard of the wanted layout (repeat for all)", shardFlag)
        .option("--add <name=url>", "a shard that joins", shardFlag)
        .option("--remove <name>", "a shard that leaves", collect);
}

function tuning(command: Command): Command {
    const d = MIGRATE_DEFAULTS;
    const count = wholeNumber(0);
    const some = wholeNumber(1);
    return command
        .option("--max-keys-per-second <n>", "throttle (0: none)", count)
        .option("--max-bytes-per-second <n>", "throttle (0: none)", count)
        .option("--max-source-latency-ms <n>", `slow down above (${d.maxSourceLatencyMs})`, some)
        .option("--max-pause-ms <n>", `longest fence (${d.maxPauseMs})`, some)
        .option("--units-at-a-time <n>", `sources read at a time (${d.unitsAtATime})`, some)
        .option("--batch-keys <n>", `keys a batch (${d.batchKeys})`, some)
        .option("--batch-bytes <n>", `bytes a batch (${d.batchBytes})`, some)
        .option("--big-key-bytes <n>", `chunk keys above (${d.bigKeyBytes})`, some)
        .option("--lease-ms <n>", `a worker's lease on a unit (${d.leaseMs})`, some)
        .option(
            "--retry-for-ms <n>",
            `how long lost connections are tried (${d.retryForMs})`,
            count,
        );
}

function addInit(shards: Command): void {
    const init = shards.command("init").description("Write the first partition table");
    common(init, "init --metadata redis://meta:6379 --shard shard-0=redis://a:6379 --shard ...")
        .option("--shard <name=url>", "a shard (repeat)", shardFlag)
        .addOption(
            new Option("--mode <mode>", "who routes")
                .choices(Object.values(TableMode))
                .default("client"),
        )
        .option("--partitions <n>", `a power of two (${DEFAULT_PARTITIONS})`, wholeNumber(1))
        .option("--restore <file>", "put a table back that `show --json` printed")
        .action(async (flags: CommonFlags & TargetFlags & InitFlags) => {
            await withSession(flags, {}, async (session) => {
                const first = await firstTable(flags);
                const table = flags.restore
                    ? await session.restoreTable(first)
                    : await session.putFirst(first);
                print(flags.json ? tableText(table) : summary(table));
            });
        });
}

interface InitFlags {
    readonly mode: TableMode;
    readonly partitions?: number;
    readonly restore?: string;
}

async function firstTable(flags: TargetFlags & InitFlags): Promise<PartitionTable> {
    if (flags.restore) return parseTable(await readText(flags.restore));
    if (!flags.shard) throw new BadInput("No shard given: name each with --shard NAME=URL.");
    const partitions = flags.partitions ?? DEFAULT_PARTITIONS;
    if (flags.mode === TableMode.Cluster) return tableOfCluster(flags.shard, partitions);
    return initialTable({ nodes: flags.shard, partitions });
}

function addShow(shards: Command): void {
    const show = shards.command("show").description("Print the partition table");
    common(show, "show --metadata redis://meta:6379").action(async (flags: CommonFlags) => {
        await withSession(flags, {}, async (session) => {
            const table = await session.table();
            print(flags.json ? tableText(table) : summary(table));
        });
    });
}

function summary(table: PartitionTable): string {
    const rows = table.nodes.map(({ name, zone, weight }) => {
        const partitions = partitionsOf(table, name);
        return [name, zone ?? "-", weight, partitions.length, runs(partitions)];
    });
    const head = `epoch ${table.epoch}, ${table.mode} mode, ${table.owners.length} partitions, digest ${tableDigest(table).slice(0, 12)}`;
    const guarded = table.guarded.length > 0 ? `\non the move: ${runs(table.guarded)}` : "";
    return `${head}\n${columns([["shard", "zone", "weight", "count", "partitions"], ...rows])}${guarded}`;
}

interface PlanFlags extends TargetFlags {
    readonly from?: number;
    readonly to?: number;
    readonly copies?: number;
    readonly partitions?: number;
    readonly metadata?: string;
    readonly json?: boolean;
}

function addPlan(shards: Command): void {
    const plan = shards.command("plan").description("Print what a change of shards would move");
    target(plan)
        .option("--from <n>", "offline: shards now, named shard-0...", wholeNumber(1))
        .option("--to <n>", "offline: shards wanted", wholeNumber(1))
        .option("--copies <n>", "offline: copies of a partition (1)", wholeNumber(1))
        .option("--partitions <n>", `offline: partitions (${DEFAULT_PARTITIONS})`, wholeNumber(1))
        .addOption(
            new Option("--metadata <url>", "plan from the live table").env(
                "LOGCASTER_METADATA_URL",
            ),
        )
        .option("--json", "print JSON")
        .addHelpText(
            "after",
            "\nExamples:\n  logcaster shards plan --from 3 --to 4 --json\n" +
                "  logcaster shards plan --metadata redis://meta:6379 --add shard-3=redis://d:6379",
        )
        .action(async (flags: PlanFlags) => {
            if (flags.from !== undefined || flags.to !== undefined) return planOffline(flags);
            if (flags.metadata === undefined) {
                throw new BadInput(
                    "Nothing to plan from: give --from and --to, or --metadata URL.",
                );
            }
            const session = new Session({ metadataUrl: flags.metadata });
            try {
                const table = await session.table();
                const plan = planTo(table, { nodes: wanted(table, flags) });
                const cost = await estimate(session, table, plan);
                if (flags.json) print(planJson(plan, cost));
                else
                    print(
                        `${planText(plan)}\nabout ${cost.keys} keys, ${bytes(cost.bytes)}, ${cost.seconds} s`,
                    );
            } finally {
                session.close();
            }
        });
}

function planOffline({ from, to, copies, partitions, json }: PlanFlags): void {
    if (from === undefined || to === undefined) {
        throw new BadInput("An offline plan needs both: --from N and --to N.");
    }
    const named = (count: number): ShardNode[] =>
        Array.from({ length: count }, (_, index) => ({ name: `shard-${index}`, weight: 1 }));
    const table = initialTable({
        nodes: named(from),
        partitions: partitions ?? DEFAULT_PARTITIONS,
        copies: copies ?? 1,
    });
    const plan = planTo(table, { nodes: named(to) });
    print(json ? planJson(plan) : planText(plan));
}

function planJson(plan: Plan, cost?: object): string {
    const { fromEpoch, toEpoch, moves } = plan;
    const copies = plan.target.copies > 1 ? { copies: plan.copies } : {};
    return JSON.stringify({
        fromEpoch,
        toEpoch,
        moves,
        ...copies,
        ...(cost ? { estimate: cost } : {}),
    });
}

function planText(plan: Plan): string {
    const routes = new Map<string, number[]>();
    for (const { partition, from, to } of plan.moves) {
        const key = `${from} -> ${to}`;
        routes.set(key, [...(routes.get(key) ?? []), partition]);
    }
    const rows = [...routes].map(([route, list]) => [route, list.length, runs(list)]);
    const head = `${plan.moves.length} partitions move`;
    return rows.length === 0 ? head : `${head}\n${columns(rows)}`;
}

interface MigrateFlags extends CommonFlags, TargetFlags {
    readonly rollbackWindow: number;
    readonly legacy?: boolean;
    readonly startOnly?: boolean;
    readonly elasticache?: string;
    readonly to?: number;
}

function addMigrate(shards: Command): void {
    const migrate = shards.command("migrate").description("Move partitions while clients go on");
    tuning(
        target(
            common(migrate, "migrate --metadata redis://meta:6379 --add shard-3=redis://d:6379"),
        ),
    )
        .option(
            "--rollback-window <seconds>",
            "keep the old owner in step so long",
            wholeNumber(0),
            0,
        )
        .option("--legacy", "cluster mode: MIGRATE even where the servers have their own migration")
        .option("--start-only", "write the journal and leave the work to `resume` elsewhere");
    addElastiCacheOptions(migrate).action(async (flags: MigrateFlags & TuningFlags) => {
        if (flags.elasticache !== undefined) return migrateElastiCache(flags);
        await withSession(flags, flags, async (session, emitEnd) => {
            const table = await session.table();
            const more = {
                rollbackWindowMs: flags.rollbackWindow * 1_000,
                forceLegacy: flags.legacy ?? false,
            };
            const { migration, units } = await session.start(wanted(table, flags), more);
            if (flags.startOnly) return print(startedText(migration.id, units.length, flags.json));
            finish(await session.work(), emitEnd, flags);
        });
    });
}

function startedText(id: string, units: number, isJson = false): string {
    if (isJson) return JSON.stringify({ event: "started", id, units });
    return `Migration ${id} has ${units} units: run \`logcaster shards resume\`, as often as you like.`;
}

function wanted(table: PartitionTable, { shard, add, remove }: TargetFlags): ShardNode[] {
    if (shard && (add || remove)) {
        throw new BadInput(
            "Give either every shard with --shard, or changes with --add and --remove.",
        );
    }
    if (shard) return shard;
    if (!add && !remove) throw new BadInput("Nothing to do: give --shard, --add or --remove.");
    const unknown = (remove ?? []).filter(
        (name) => !table.nodes.some((node) => node.name === name),
    );
    if (unknown.length > 0) {
        const names = table.nodes.map((node) => node.name).join(", ");
        throw new BadInput(`${unknown.join(", ")} cannot leave: the table has ${names}.`);
    }
    return [...table.nodes.filter((node) => !remove?.includes(node.name)), ...(add ?? [])];
}

function addWork(shards: Command, name: string, wish: "run" | "abort", description: string): void {
    const command = shards.command(name).description(description);
    tuning(common(command, `${name} --metadata redis://meta:6379`))
        .option("--from-journal <file>", "first put the journal back from this local copy")
        .action(async (flags: CommonFlags & TuningFlags & { fromJournal?: string }) => {
            await withSession(flags, flags, async (session, emitEnd) => {
                if (flags.fromJournal) {
                    const { place } = await session.journal.restore(flags.fromJournal);
                    if (place === Place.ElastiCache) return print(restoredText(flags.json));
                }
                // A worker of a Job may come when the others have finished: that is no mistake.
                if (wish === "run" && !(await hasOpenMigration(session))) {
                    return finish("done", emitEnd, flags);
                }
                await mustBeOpen(session);
                await session.journal.setWish(wish);
                finish(await session.work(), emitEnd, flags);
            });
        });
}

function restoredText(isJson = false): string {
    if (isJson) return JSON.stringify({ event: "restored" });
    return "The journal is back: run the same `logcaster shards migrate --elasticache` again.";
}

function addPause(shards: Command): void {
    const pause = shards.command("pause").description("Let every worker stop after its batch");
    common(pause, "pause --metadata redis://meta:6379").action(async (flags: CommonFlags) => {
        await withSession(flags, {}, async (session) => {
            await mustBeOpen(session);
            const { id } = await session.journal.setWish("pause");
            print(flags.json ? JSON.stringify({ event: "paused", id }) : `Migration ${id} pauses.`);
        });
    });
}

function addStatus(shards: Command): void {
    const status = shards.command("status").description("Print how far the newest migration is");
    common(status, "status --metadata redis://meta:6379").action(async (flags: CommonFlags) => {
        await withSession(flags, {}, async (session) => {
            const current = await session.journal.migration();
            if (!current) throw new BadInput("There has been no migration yet.");
            const units = await session.journal.units(current.migration.id);
            if (flags.json) return print(JSON.stringify({ ...current.migration, units }));
            const { id, place, wish } = current.migration;
            const rows = units.map((u) => [
                u.id,
                u.state,
                u.partitions.length,
                u.keysCopied,
                `${Math.round(u.pauseMs)} ms`,
                u.problem,
            ]);
            print(`migration ${id}, ${place}, wish ${wish}`);
            print(columns([["unit", "state", "partitions", "keys", "pause", "problem"], ...rows]));
        });
    });
}

function addVerify(shards: Command): void {
    const verify = shards
        .command("verify")
        .description("Check that every key is where the table says");
    common(verify, "verify --metadata redis://meta:6379").action(async (flags: CommonFlags) => {
        await withSession(flags, {}, async (session) => {
            const report = await verifyAll(session);
            if (flags.json) print(JSON.stringify(report));
            else if (report.problems.length === 0)
                print(`${report.keys} keys, all where they belong.`);
            else print(report.problems.join("\n"));
            if (report.problems.length > 0) process.exitCode = EXIT.failed;
        });
    });
}

function addRollback(shards: Command): void {
    const rollback = shards.command("rollback").description("Bring everything back to before");
    tuning(common(rollback, "rollback --metadata redis://meta:6379")).action(
        async (flags: CommonFlags & TuningFlags) => {
            await withSession(flags, flags, async (session, emitEnd) => {
                finish(await session.rollback(), emitEnd, flags);
            });
        },
    );
}

/** Whether the newest migration is still open. @throws BadInput when there is none of ours. */
async function hasOpenMigration(session: Session): Promise<boolean> {
    const current = await session.journal.migration();
    if (!current)
        throw new BadInput("There is no migration: `logcaster shards migrate` starts one.");
    mustBeOurs(current.migration);
    const units = await session.journal.units(current.migration.id);
    return current.migration.finishedAtMs === 0 || units.some((unit) => !isFinal(unit.state));
}

async function mustBeOpen(session: Session): Promise<void> {
    if (await hasOpenMigration(session)) return;
    throw new BadInput(
        "The newest migration is finished: `rollback` undoes it, `migrate` starts another.",
    );
}

function finish(outcome: Outcome, end: () => void, flags: CommonFlags): void {
    end();
    print(flags.json ? JSON.stringify({ event: "finished", outcome }) : `Migration ${outcome}.`);
}

async function withSession(
    flags: CommonFlags,
    options: TuningFlags,
    action: (session: Session, end: () => void) => Promise<void>,
): Promise<void> {
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
    const sink = eventSink(flags.json ?? false);
    const given = Object.entries(options).filter(
        ([name]) => name in MIGRATE_DEFAULTS || name.startsWith("max"),
    );
    const session = new Session({
        metadataUrl: flags.metadata,
        journalDirectory: flags.journal,
        options: Object.fromEntries(given),
        emit: sink.emit,
        signal: stop.signal,
    });
    try {
        await action(session, sink.end);
    } finally {
        sink.end();
        session.close();
        process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    }
}

async function readText(file: string): Promise<string> {
    return readFile(file, "utf8").catch(() => {
        throw new BadInput(`The file ${file} cannot be read.`);
    });
}
