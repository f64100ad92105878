import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../dataplane/router";
import type { ValkeyPods } from "./pods";

const PAUSE_MS = 5;

/**
 * Writes numbered keys of one slot, each acknowledged by its primary and one copy (WAIT), and keeps book of them. Follows the
 * cluster's word on who owns the slot; what was not acknowledged is written again.
 */
export class Writer {
    readonly acknowledged: string[] = [];
    private isStopped = false;
    private done: Promise<void> | undefined;
    private current: Connection | undefined;

    constructor(
        private readonly pods: ValkeyPods,
        /** What is in braces decides the slot. */
        private readonly tag: string,
    ) {}

    start(): void {
        this.done = this.run();
    }

    async stop(): Promise<void> {
        this.isStopped = true;
        await this.done;
    }

    /** Acknowledged keys that the cluster has no more. */
    async lost(): Promise<string[]> {
        const lost: string[] = [];
        try {
            await this.look(lost);
        } finally {
            this.current?.close();
            this.current = undefined;
        }
        return lost;
    }

    private async look(lost: string[]): Promise<void> {
        for (let i = 0; i < this.acknowledged.length; i += 100) {
            const keys = this.acknowledged.slice(i, i + 100);
            const values = await this.anywhere((connection) => connection.call("MGET", ...keys));
            keys.forEach((key, k) => {
                if ((values as unknown[])[k] !== `value of ${key}`) lost.push(key);
            });
        }
    }

    private async run(): Promise<void> {
        for (let n = 0; !this.isStopped; n++) {
            const key = `{${this.tag}}${n}`;
            await this.anywhere(async (connection) => {
                await connection.call("SET", key, `value of ${key}`);
                const copies = await connection.call("WAIT", "1", "1000");
                if (Number(copies) < 1) throw new Error("no copy has it");
            });
            this.acknowledged.push(key);
        }
    }

    /** Does something on whichever pod takes it: the last that did, then each in turn. */
    private async anywhere<T>(what: (connection: Connection) => Promise<T>): Promise<T> {
        for (let turn = 0; ; turn++) {
            this.current ??= this.pods.all[turn % this.pods.all.length]!.connect("logcaster");
            try {
                return await what(this.current);
            } catch {
                // MOVED, CLUSTERDOWN, not there: the next one.
                this.current.close();
                this.current = undefined;
                await sleep(PAUSE_MS);
            }
        }
    }
}
