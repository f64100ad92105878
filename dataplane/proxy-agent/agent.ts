import { setTimeout as sleep } from "node:timers/promises";
import {
    due,
    excess,
    imbalance,
    planSlots,
    type ProxyBackend,
    type ProxySlot,
    type RebalanceOptions,
} from "logcaster-model/proxy-config";
import type { HaproxyRuntime } from "./haproxy";
import { Problems } from "./problems";
import type { BackendSource } from "./source";

/** What the agent did or could not do, one a line of its log. */
export interface AgentEvent {
    readonly event:
        "filled" | "ready" | "drained" | "emptied" | "rebalanced" | "rendered" | "problem" | "well";
    readonly [detail: string]: string | number;
}

export interface AgentOptions {
    readonly source: BackendSource;
    readonly runtime: HaproxyRuntime;
    /** Read by HAProxy at its next start. */
    readonly stateFile: string;
    /** Time between two looks. */
    readonly intervalSeconds: number;
    readonly rebalance: RebalanceOptions;
    /** A connection on which nothing has moved for so long may be ended while its backend drains. */
    readonly quietSeconds: number;
    /** Seconds of a clock that never runs backwards. */
    readonly now: () => number;
    readonly log: (event: AgentEvent) => void;
}

const DONE = { ready: "ready", drain: "drained", empty: "emptied" } as const;

/**
 * Keeps HAProxy's slots as the fleet is, and its connections spread over them. Whatever is away (the API, HAProxy), it tries
 * again at the next look; until then HAProxy goes on with the servers it has.
 */
export class ProxyAgent {
    private unevenSince: number | undefined;
    private readonly problems: Problems;

    constructor(private readonly options: AgentOptions) {
        this.problems = new Problems(options.log);
    }

    /** One look: slots, connections, state file. Never throws. */
    async look(): Promise<void> {
        const backends = await this.problems.attempt("discovery", () => this.options.source.list());
        await this.problems.attempt("haproxy", async () => {
            const { runtime, stateFile } = this.options;
            await this.fill(backends ?? []);
            await this.spread(await runtime.slots());
            await runtime.save(stateFile);
        });
    }

    private async fill(backends: readonly ProxyBackend[]): Promise<void> {
        const { runtime, log } = this.options;
        const { steps, unplaced } = planSlots(await runtime.slots(), backends);
        for (const step of steps) {
            await runtime.apply(step);
            const { slot } = step;
            log(
                step.do === "fill"
                    ? { event: "filled", slot, address: `${step.address}:${step.port}` }
                    : { event: DONE[step.do], slot },
            );
        }
        if (unplaced.length > 0) {
            throw new Error(
                `${unplaced.length} backends have no slot (${unplaced[0]!.address}, ...): render HAProxy with more`,
            );
        }
    }

    private async spread(slots: readonly ProxySlot[]): Promise<void> {
        const { rebalance, quietSeconds, intervalSeconds: stepSeconds } = this.options;
        const { now, runtime, log } = this.options;
        const over = excess(slots, rebalance);
        if (over.length === 0) {
            this.unevenSince = undefined;
            return;
        }
        this.unevenSince ??= now();
        const elapsedSeconds = now() - this.unevenSince;
        const sessions = await runtime.sessions();
        const ids = due(over, { elapsedSeconds, stepSeconds }, rebalance).flatMap(
            ({ slot, connections, quietOnly }) => {
                const least = quietOnly ? quietSeconds : 0;
                return sessions
                    .filter((session) => session.slot === slot && session.quietSeconds >= least)
                    .slice(0, connections)
                    .map(({ id }) => id);
            },
        );
        if (ids.length === 0) return;
        await runtime.end(ids);
        const serving = slots.filter(({ state, isUp }) => state === "ready" && isUp);
        log({
            event: "rebalanced",
            ended: ids.length,
            imbalance: Number(imbalance(serving.map((s) => s.connections)).toFixed(2)),
        });
    }
}

/** Looks again and again until the signal; a look that takes longer delays the next. */
export async function run(
    agent: { look(): Promise<void> },
    intervalSeconds: number,
    signal: AbortSignal,
): Promise<void> {
    while (!signal.aborted) {
        await agent.look();
        await sleep(intervalSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
}
