/**
 * Long-lived connections stay where they are when backends are added: nothing of TCP moves them. So a proxy ends the few that
 * are above a backend's fair share, a few at a time, and their senders connect again, to the backends that have the fewest.
 */
import type { ProxySlot } from "./slots";

export interface RebalanceOptions {
    /** Connections above the fair share that are left alone, in percent of it. */
    readonly tolerancePercent: number;
    /** Time in which an imbalance is gone. */
    readonly withinSeconds: number;
}

/** How many connections of a slot are to end. */
export interface Shed {
    readonly slot: string;
    readonly connections: number;
    /** Only those on which nothing moves: the slot drains, and the others may finish. */
    readonly quietOnly: boolean;
}

/** Connections of each slot above its fair share; a slot that drains has a share of none. Weights are equal in a fleet. */
export function excess(
    slots: readonly ProxySlot[],
    { tolerancePercent }: Pick<RebalanceOptions, "tolerancePercent">,
): Shed[] {
    const serving = slots.filter(({ state, isUp }) => state === "ready" && isUp);
    const draining = slots.filter(({ state }) => state === "draining");
    if (serving.length === 0) return []; // nowhere to go
    const total = serving.reduce((sum, { connections }) => sum + connections, 0);
    // Whoever comes from a slot that drains will have to be carried as well.
    const coming = draining.reduce((sum, { connections }) => sum + connections, 0);
    const share = (total + coming) / serving.length;
    // One above the share is no imbalance: it may not divide evenly.
    const most = Math.max(Math.ceil(share) + 1, Math.floor(share * (1 + tolerancePercent / 100)));
    const over = serving
        .filter(({ connections }) => connections > most)
        .map(({ name, connections }) => ({
            slot: name,
            connections: connections - most,
            quietOnly: false,
        }));
    const leaving = draining
        .filter(({ connections }) => connections > 0)
        .map(({ name, connections }) => ({ slot: name, connections, quietOnly: true }));
    return [...over, ...leaving];
}

/** The part of an excess that is due now, so that it is gone evenly by the end of the time. */
export function due(
    excesses: readonly Shed[],
    { elapsedSeconds, stepSeconds }: { elapsedSeconds: number; stepSeconds: number },
    { withinSeconds }: Pick<RebalanceOptions, "withinSeconds">,
): Shed[] {
    const stepsLeft = Math.max(1, Math.floor((withinSeconds - elapsedSeconds) / stepSeconds));
    return excesses.map((one) => ({ ...one, connections: Math.ceil(one.connections / stepsLeft) }));
}

/** The fullest serving backend's connections over the mean: 1 is even. */
export function imbalance(connections: readonly number[]): number {
    const total = connections.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 1 : (Math.max(...connections) * connections.length) / total;
}
