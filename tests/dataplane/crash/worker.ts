import { writeSync } from "node:fs";
import type { ShardNode } from "logcaster-model/partitions";
import { Session } from "../../../dataplane/migrate/session";
import { retrying } from "../../../dataplane/router";

const RETRY_FOR_MS = 20_000;

/** What a worker process is told. */
export interface WorkerOrder {
    readonly metadataUrl: string;
    /** Where the worker reaches each shard: through a proxy that can be cut. */
    readonly urls: Readonly<Record<string, string>>;
    /** Start a migration to these shards first; none: join the one under way. */
    readonly start?: readonly ShardNode[];
    readonly rollbackWindowMs: number;
    readonly forceLegacy: boolean;
    readonly unitsAtATime: number;
    /** Before anything else, ask for this. */
    readonly wish?: "abort" | "rollback" | "run";
    /** Stay in this state for so long after entering it, so that it can be hit. */
    readonly hold?: { readonly state: string; readonly ms: number };
}

/** The migrator under test: a process of its own, killed with kill -9. */
async function main(order: WorkerOrder): Promise<void> {
    const stay = new Int32Array(new SharedArrayBuffer(4));
    const session = new Session({
        metadataUrl: order.metadataUrl,
        rewriteUrl: (shard, url) => order.urls[shard] ?? url,
        options: {
            leaseMs: 700,
            retryForMs: RETRY_FOR_MS,
            partitionsPerUnit: 4,
            maxPauseMs: 300,
            unitsAtATime: order.unitsAtATime,
        },
        emit: (event) => {
            writeSync(1, `${JSON.stringify(event)}\n`);
            const { hold } = order;
            if (event.event !== "state" || event.state !== hold?.state) return;
            // Blocks this process only; whoever kills it need not hurry.
            Atomics.wait(stay, 0, 0, hold.ms);
        },
    });
    if (order.start) {
        const { start, rollbackWindowMs, forceLegacy } = order;
        // What an operator does when the command says that a server is away: the same again.
        await retrying(async () => {
            const current = await session.journal.migration();
            if (current && current.migration.finishedAtMs === 0) return;
            await session.start(start, { rollbackWindowMs, forceLegacy });
        }, RETRY_FOR_MS);
        writeSync(1, `${JSON.stringify({ event: "state", unit: "", state: "planned" })}\n`);
        if (order.hold?.state === "planned") Atomics.wait(stay, 0, 0, order.hold.ms);
    }
    const { wish } = order;
    if (wish) await retrying(() => session.journal.setWish(wish), RETRY_FOR_MS);
    const outcome = await session.work();
    writeSync(1, `${JSON.stringify({ event: "finished", outcome })}\n`);
    session.close();
}

main(JSON.parse(process.argv[2]!) as WorkerOrder).catch((error: Error) => {
    writeSync(2, `${error.stack}\n`);
    process.exit(1);
});
