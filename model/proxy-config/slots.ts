/** Which backend sits in which of HAProxy's server slots: what is there, what should be, and the steps between. */

/** A member of the fleet behind a proxy, as discovery tells it. */
export interface ProxyBackend {
    readonly address: string;
    readonly port: number;
    /** `ready` gets connections; `draining` keeps those it has. */
    readonly state: "ready" | "draining";
}

/** A slot as HAProxy shows it. */
export interface ProxySlot {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    readonly state: "empty" | "ready" | "draining";
    /** Checks pass. */
    readonly isUp: boolean;
    /** Connections now. */
    readonly connections: number;
}

export type SlotStep =
    | {
          readonly do: "fill";
          readonly slot: string;
          readonly address: string;
          readonly port: number;
      }
    | { readonly do: "ready" | "drain" | "empty"; readonly slot: string };

export interface SlotPlan {
    readonly steps: readonly SlotStep[];
    /** Ready backends for which there is no slot. */
    readonly unplaced: readonly ProxyBackend[];
}

/**
 * The steps from the slots as they are to the backends as they should be. A backend keeps its slot for as long as it is
 * listed. One that is listed no more is drained first, and its slot emptied when its last connection has gone, so that no slot
 * ever holds connections of two backends. No backend at all changes nothing: that is discovery failing, not a fleet vanishing.
 */
export function planSlots(
    slots: readonly ProxySlot[],
    backends: readonly ProxyBackend[],
): SlotPlan {
    if (backends.length === 0) return { steps: [], unplaced: [] };
    const key = ({ address, port }: { address: string; port: number }) => `${address}:${port}`;
    const wanted = new Map(backends.map((backend) => [key(backend), backend]));
    const placed = new Set<string>();
    const steps: SlotStep[] = [];
    const free: string[] = [];
    for (const slot of slots) {
        const backend = wanted.get(key(slot));
        if (slot.state === "empty") {
            if (slot.connections === 0) free.push(slot.name);
        } else if (backend && !placed.has(key(slot))) {
            placed.add(key(slot));
            if (backend.state !== slot.state) {
                steps.push({ do: backend.state === "ready" ? "ready" : "drain", slot: slot.name });
            }
        } else if (slot.connections === 0) {
            steps.push({ do: "empty", slot: slot.name });
        } else if (slot.state === "ready") {
            steps.push({ do: "drain", slot: slot.name });
        }
    }
    const unplaced: ProxyBackend[] = [];
    for (const backend of backends) {
        if (backend.state !== "ready" || placed.has(key(backend))) continue;
        placed.add(key(backend));
        const slot = free.shift();
        if (slot === undefined) unplaced.push(backend);
        else {
            steps.push({ do: "fill", slot, address: backend.address, port: backend.port });
        }
    }
    return { steps, unplaced };
}
