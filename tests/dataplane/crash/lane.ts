import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { createCluster } from "redis";
import { partitionOf, primaryOf, type ShardNode } from "logcaster-model/partitions";
import { clusterProblems, ownNode } from "../../../dataplane/migrate/cluster";
import { tableOfCluster } from "../../../dataplane/migrate/cluster-table";
import { waitUntilWhole } from "../../../dataplane/migrate/cluster-form";
import { Session } from "../../../dataplane/migrate/session";
import { verifyAll } from "../../../dataplane/migrate/survey";
import { Connection, metadataSource, retrying, Router } from "../../../dataplane/router";
import {
    CutProxy,
    type RedisKind,
    type RedisServer,
    startCluster,
    startServer,
} from "../../servers";
import { type Execute, Ledger, randomOf } from "./ledger";
import type { WorkerOrder } from "./worker";

const PARTITIONS = 16;
const KEYS = 72;
const WRITERS = 6;
const WORKER_TIMEOUT_MS = 60_000;
const EXPIRES_AFTER_MS = 3_600_000;
const AGREE_TIMEOUT_MS = 30_000;
const LEGACY_EXPIRY_SLACK_MS = 5_000;
const DELETE_TIMEOUT_MS = 10_000;

/** Where a lane's migrations run. */
export type LaneMode = "client" | "native" | "legacy";
/** What is killed or cut. */
export const VICTIMS = ["migrator", "source", "target", "metadata", "network"] as const;
export type Victim = (typeof VICTIMS)[number];

/** One crash: who, in which state of the journal. */
export interface Crash {
    readonly seed: number;
    readonly state: string;
    readonly victim: Victim;
    /** A first worker is killed in this state, and its successor told this. */
    readonly detour?: {
        readonly after: string;
        readonly wish: "abort" | "rollback";
        /** Kill the first worker only when slots are open: their keys lie on two servers. */
        readonly isHalfway?: boolean;
    };
}

/** What came of a crash. */
export interface CrashResult {
    /** The newest state of the journal when the victim went; undefined when the state was not met. */
    readonly hit: string | undefined;
    readonly problems: readonly string[];
    readonly acknowledged: number;
    readonly unknown: number;
}

/** Real servers on which crash after crash is tried. */
export class Lane {
    private readonly nodes: readonly ShardNode[];

    private constructor(
        readonly kind: RedisKind,
        readonly mode: LaneMode,
        private readonly workerFile: string,
        private readonly metadata: RedisServer,
        private readonly shards: readonly RedisServer[],
        private readonly proxies: readonly CutProxy[],
        private readonly disposeServers: () => Promise<void>,
    ) {
        this.nodes = shards.map(({ url }, index) => ({ name: `shard-${index}`, weight: 1, url }));
    }

    /** Starts a metadata store and four shards, each with an append-only file synced on every write. */
    static async open(kind: RedisKind, mode: LaneMode, workerFile: string): Promise<Lane> {
        const durable = { appendFsync: "always" } as const;
        const metadata = await startServer(kind, durable);
        let shards: readonly RedisServer[];
        let dispose: () => Promise<void>;
        if (mode === "client") {
            shards = await Promise.all(Array.from({ length: 4 }, () => startServer(kind, durable)));
            dispose = async () => void (await Promise.all(shards.map((one) => one.dispose())));
        } else {
            const cluster = await startCluster(kind, { ...durable, primaries: 3, spare: 1 });
            shards = cluster.servers;
            dispose = () => cluster.dispose();
        }
        const targets = [metadata, ...shards];
        const proxies = await Promise.all(targets.map(({ port }) => CutProxy.start(port)));
        return new Lane(kind, mode, workerFile, metadata, shards, proxies, async () => {
            await Promise.all(proxies.map((proxy) => proxy.stop()));
            await metadata.dispose();
            await dispose();
        });
    }

    dispose(): Promise<void> {
        return this.disposeServers();
    }

    /** One migration with one crash, and everything checked afterwards. */
    async crash(crash: Crash): Promise<CrashResult> {
        const random = randomOf(crash.seed);
        const session = new Session({ metadataUrl: this.metadata.url });
        try {
            const start = await this.reset(session, crash.seed);
            const goal = start.length === 3 ? this.nodes : this.nodes.slice(0, 3);
            const { execute, close } = await this.writer();
            const ledger = new Ledger(
                execute,
                random,
                `s${crash.seed}`,
                this.mode === "legacy" ? LEGACY_EXPIRY_SLACK_MS : 0,
            );
            await ledger.preload(KEYS, EXPIRES_AFTER_MS);
            const writing = ledger.writeUntilStopped(WRITERS);
            const hit = await this.migrateWith(crash, goal, random).finally(() => ledger.stop());
            await writing;
            const problems = [
                ...(await ledger.differences()),
                ...(await this.placementProblems(session, ledger)),
                ...(await verifyAll(session)).problems,
            ];
            if (!crash.detour) {
                const { nodes } = await session.table();
                const names = nodes.map((node) => node.name).join();
                const wanted = goal.map((node) => node.name).join();
                if (names !== wanted) problems.push(`the table ends with ${names}, not ${wanted}`);
            }
            await close();
            const { acknowledged, unknown } = ledger;
            return { hit, problems, acknowledged, unknown };
        } finally {
            session.close();
        }
    }

    /** An empty store, on three shards or on four, and the table that says so. */
    private async reset(session: Session, seed: number): Promise<readonly ShardNode[]> {
        await this.metadata.command("FLUSHALL");
        if (this.mode === "client") {
            await Promise.all(this.shards.map((shard) => shard.command("FLUSHALL")));
            const nodes = this.nodes.slice(0, seed % 2 === 0 ? 3 : 4);
            await session.init({ nodes, partitions: PARTITIONS });
            return nodes;
        }
        const members = this.nodes.map((node) => new Connection({ url: node.url! }));
        try {
            await retrying(() => waitUntilWhole(members, AGREE_TIMEOUT_MS), AGREE_TIMEOUT_MS);
            await Promise.all(members.map((member) => member.call("FLUSHALL")));
        } finally {
            for (const member of members) member.close();
        }
        // The layout is what the crash before left.
        const table = await tableOfCluster(this.nodes, PARTITIONS);
        const serving = new Set(table.owners.flat());
        const nodes = this.nodes.filter((node) => serving.has(node.name));
        await session.putFirst({ ...table, nodes });
        return nodes.length === 4 ? nodes : this.nodes.slice(0, 3);
    }

    private async writer(): Promise<{ execute: Execute; close: () => Promise<void> }> {
        if (this.mode === "client") {
            const router = await Router.open({
                source: metadataSource(this.metadata.url),
                leaseMs: 1_000,
                maxWaitMs: 30_000,
                commandTimeoutMs: 5_000,
            });
            const execute: Execute = (...command) =>
                untilSent(
                    () => router.execute(...command),
                    (error) => ["ConnectionLost", "PartitionFenced"].includes(error.name),
                );
            return { execute, close: () => router.close() };
        }
        const cluster = createCluster({
            rootNodes: this.nodes.map(({ url }) => ({ url: url! })),
            RESP: 2,
            maxCommandRedirections: 64,
            defaults: { disableOfflineQueue: true },
        });
        cluster.on("error", () => undefined);
        await cluster.connect();
        // node-redis does not know a node without slots that an ASK names; it learns it with the first slot.
        // An error reply says that nothing ran; a lost connection may hide that something did.
        const notRun =
            /ClientOffline|ECONNREFUSED|CLUSTERDOWN|LOADING|MOVED|ASK|TRYAGAIN|redirections/i;
        const execute: Execute = (...command) =>
            untilSent(
                () => cluster.sendCommand(command[1], false, command),
                (error) => notRun.test(`${error.name} ${error.constructor.name} ${error.message}`),
            );
        return {
            execute,
            close: async () => cluster.destroy(),
        };
    }

    private async migrateWith(
        crash: Crash,
        goal: readonly ShardNode[],
        random: () => number,
    ): Promise<string | undefined> {
        const { detour } = crash;
        const hold = { state: crash.state, ms: 10 + Math.floor(random() * 40) };
        const common = {
            metadataUrl: `redis://127.0.0.1:${this.proxies[0]!.port}`,
            urls: Object.fromEntries(
                this.nodes.map((node, i) => [
                    node.name,
                    `redis://127.0.0.1:${this.proxies[i + 1]!.port}`,
                ]),
            ),
            rollbackWindowMs: detour ? 60_000 : 0,
            unitsAtATime: 1 + (crash.seed % 3),
            forceLegacy: this.mode === "legacy",
        };
        if (detour) {
            const first = new WorkerProcess(this.workerFile, {
                ...common,
                start: goal,
                hold: { state: detour.after, ms: detour.isHalfway ? 0 : 500 },
            });
            await first.reach(detour.after);
            if (detour.isHalfway) await this.untilHalfway(first);
            await first.kill();
        }
        const worker = new WorkerProcess(this.workerFile, {
            ...common,
            hold,
            ...(detour ? { wish: detour.wish } : { start: goal }),
        });
        let hit = await worker.reach(crash.state);
        if (hit) {
            await sleep(Math.floor(random() * (hold.ms + 20)));
            hit = worker.lastState;
            const isGrowing = goal.length === 4;
            const source = isGrowing ? Math.floor(random() * 3) : 3;
            const target = isGrowing ? 3 : Math.floor(random() * 3);
            await this.strike(crash.victim, worker, { source, target }, random);
        }
        if (crash.victim === "migrator" && hit) {
            const heir = new WorkerProcess(this.workerFile, {
                ...common,
                ...(detour ? {} : { start: goal }),
            });
            await heir.end();
        } else {
            await worker.end();
        }
        return hit;
    }

    /** Until a slot is open somewhere, or the worker has ended. */
    private async untilHalfway(worker: WorkerProcess): Promise<void> {
        const members = this.nodes.map((node) => new Connection({ url: node.url! }));
        try {
            while (worker.isRunning) {
                const own = await Promise.all(members.map((member) => ownNode(member)));
                if (own.some((node) => node.migrating.size > 0)) return;
            }
        } finally {
            for (const member of members) member.close();
        }
    }

    private async strike(
        victim: Victim,
        worker: WorkerProcess,
        ends: { source: number; target: number },
        random: () => number,
    ): Promise<void> {
        const awayMs = 30 + Math.floor(random() * 150);
        if (victim === "migrator") return worker.kill();
        if (victim === "network") {
            const cut = [0, ends.source + 1, ends.target + 1].filter(() => random() < 0.6);
            const proxies = (cut.length > 0 ? cut : [0]).map((index) => this.proxies[index]!);
            for (const proxy of proxies) proxy.cut();
            await sleep(awayMs);
            for (const proxy of proxies) proxy.heal();
            return;
        }
        const server = victim === "metadata" ? this.metadata : this.shards[ends[victim]]!;
        await server.kill();
        await sleep(awayMs);
        await server.restart();
    }

    /** Every key on exactly one server, the right one, and nothing that was never written. */
    private async placementProblems(session: Session, ledger: Ledger): Promise<string[]> {
        const { possible, certain } = ledger.keys();
        const deadline = performance.now() + DELETE_TIMEOUT_MS;
        for (;;) {
            const problems = await this.placedWrong(session, possible, certain);
            // A server deletes slots that left in the background.
            const isOver = problems.length === 0 || performance.now() > deadline;
            if (this.mode === "client" || isOver) return problems;
            await sleep(50);
        }
    }

    private async placedWrong(
        session: Session,
        possible: ReadonlySet<string>,
        certain: ReadonlySet<string>,
    ): Promise<string[]> {
        const table = await session.table();
        const problems: string[] = [];
        const found = new Set<string>();
        for (const [index, shard] of this.shards.entries()) {
            const keys = (await shard.command("KEYS", "*")) as string[];
            for (const key of keys.filter((name) => !name.startsWith("__logcaster:partitions"))) {
                const owner = primaryOf(table, partitionOf(table, key));
                if (!possible.has(key))
                    problems.push(`shard-${index} has the unwritten key ${key}`);
                else if (owner !== `shard-${index}`)
                    problems.push(`${key} is also on shard-${index}`);
                else found.add(key);
            }
        }
        for (const key of certain) if (!found.has(key)) problems.push(`${key} is nowhere`);
        if (this.mode !== "client") {
            const members = this.nodes.map((node) => new Connection({ url: node.url! }));
            problems.push(...(await clusterProblems(members)));
            for (const member of members) member.close();
        }
        return problems;
    }
}

/** Repeats a command while it is certain that it did not run. */
async function untilSent<T>(
    action: () => Promise<T>,
    didNotRun: (error: Error) => boolean,
): Promise<T> {
    const deadline = performance.now() + WORKER_TIMEOUT_MS;
    for (;;) {
        try {
            return await action();
        } catch (error) {
            if (!didNotRun(error as Error) || performance.now() > deadline) throw error;
        }
        await sleep(5);
    }
}

class WorkerProcess {
    private readonly child: ChildProcess;
    private readonly exited: Promise<unknown>;
    private readonly waiting = new Map<string, () => void>();
    private readonly seen = new Set<string>();
    private errors = "";
    lastState = "";

    constructor(file: string, order: WorkerOrder) {
        this.child = spawn(process.execPath, [file, JSON.stringify(order)]);
        this.exited = once(this.child, "exit");
        this.child.stderr!.on("data", (data: Buffer) => (this.errors += data.toString()));
        createInterface({ input: this.child.stdout! }).on("line", (line) => {
            const event = JSON.parse(line) as { event: string; state?: string };
            if (event.event !== "state") return;
            this.lastState = event.state!;
            this.seen.add(event.state!);
            this.waiting.get(event.state!)?.();
        });
    }

    get isRunning(): boolean {
        return this.child.exitCode === null && this.child.signalCode === null;
    }

    /** Resolves to the state once it is entered, to undefined when the process ends without. */
    async reach(state: string): Promise<string | undefined> {
        if (!this.seen.has(state)) {
            const reached = new Promise<void>((resolve) => this.waiting.set(state, resolve));
            await Promise.race([reached, this.exited]);
        }
        return this.seen.has(state) ? state : undefined;
    }

    async kill(): Promise<void> {
        this.child.kill("SIGKILL");
        await this.exited;
    }

    /** Waits for the end; throws with what the process said when it failed or hangs. */
    async end(): Promise<void> {
        const timer = setTimeout(() => this.child.kill("SIGKILL"), WORKER_TIMEOUT_MS);
        await this.exited;
        clearTimeout(timer);
        if (this.child.exitCode === 0) return;
        const how = this.child.exitCode === null ? "hung" : `ended with ${this.child.exitCode}`;
        throw new Error(`The worker ${how} in ${this.lastState}: ${this.errors}`);
    }
}
