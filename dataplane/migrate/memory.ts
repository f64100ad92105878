import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** V8 has no reason to hurry before a hundred megabytes lie dead; a migrator is to stay small. */
const MOST_WASTE_BYTES = 32 * 1024 * 1024;

let collect: (() => void) | undefined;
let heldBytes = Infinity;

/** Call it between two batches: collects what past ones left once that is much. */
export function freePastBatches(): void {
    const bytes = usedBytes();
    heldBytes = Math.min(heldBytes, bytes);
    if (bytes < heldBytes + MOST_WASTE_BYTES) return;
    collect ??= collector();
    collect();
    heldBytes = usedBytes();
}

function usedBytes(): number {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
}

function collector(): () => void {
    setFlagsFromString("--expose-gc");
    return runInNewContext("gc") as () => void;
}
