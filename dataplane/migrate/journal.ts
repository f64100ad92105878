import { createHash } from "node:crypto";
import { z } from "zod";
import { parseTable } from "logcaster-model/partitions";
import { BadInput, MigrationStopped } from "./errors";

/** Where a migration runs. */
export const Place = {
    Native: "native",
    Legacy: "legacy",
    Client: "client",
    ElastiCache: "elasticache",
} as const;
export type Place = (typeof Place)[keyof typeof Place];

/**
 * States of a unit. Client mode: planned, prepared, guarded, copying, copied, verified, fencing,
 * switched, cleaning, done. Cluster mode: planned, moving, moved, done. Undoing: undoing, undone
 * before the switch; returning, returned, rolled-back after it.
 */
export const UnitStateSchema = z.enum([
    "planned",
    "prepared",
    "guarded",
    "copying",
    "copied",
    "verified",
    "fencing",
    "switched",
    "moving",
    "moved",
    "cleaning",
    "done",
    "undoing",
    "undone",
    "returning",
    "returned",
    "rolled-back",
]);
export type UnitState = z.infer<typeof UnitStateSchema>;

/** What an operator asked the workers to do. */
export const Wish = z.enum(["run", "pause", "abort", "rollback"]);
export type Wish = z.infer<typeof Wish>;

const unitSchema = z.strictObject({
    id: z.string(),
    from: z.string(),
    to: z.string(),
    partitions: z.array(z.int().min(0)),
    state: UnitStateSchema,
    /** Generation of the last cut-over. */
    generation: z.int().min(0),
    keysCopied: z.int().min(0),
    bytesCopied: z.int().min(0),
    keysTotal: z.int().min(0),
    /** Longest time writers were held up, in ms. */
    pauseMs: z.number().min(0),
    /** When it was switched, in ms since 1970 by its worker's clock; 0 before. */
    switchedAtMs: z.int().min(0),
    /** Why the unit stopped last, for people. */
    problem: z.string(),
});
/** Partitions that travel together from one shard to another. */
export type Unit = z.infer<typeof unitSchema>;

const migrationSchema = z.strictObject({
    id: z.string(),
    place: z.enum(Place),
    wish: Wish,
    fromEpoch: z.int(),
    /** Canonical text of the table before, and of the table wanted. */
    before: z.string(),
    target: z.string(),
    /** How long a finished copy stays in step so that rollback is a switch, in ms. */
    rollbackWindowMs: z.int().min(0),
    startedAtMs: z.int(),
    finishedAtMs: z.int(),
});
/** One migration: what all its units share. */
export type Migration = z.infer<typeof migrationSchema>;

/** The names of every shard before and after a migration. */
export function shardsOf({ before, target }: Migration): string[] {
    return [
        ...new Set([before, target].flatMap((text) => parseTable(text).nodes.map((n) => n.name))),
    ];
}

/** @throws BadInput for a resharding that ElastiCache does: no worker of ours has a part in it. */
export function mustBeOurs({ id, place }: Migration): void {
    if (place !== Place.ElastiCache) return;
    throw new BadInput(
        `Migration ${id} is ElastiCache's: the service moves the slots by itself and cannot be ` +
            "paused, aborted or turned back. To go on, run the same `logcaster shards migrate " +
            "--elasticache` again; to go back, run it with the former --to when it is done.",
    );
}

/** A unit whose work is over. */
export function isFinal(state: UnitState): boolean {
    return state === "done" || state === "undone" || state === "rolled-back";
}

/** Record plus digest, as one line of text. */
export function sealRecord(record: Unit | Migration): string {
    const text = JSON.stringify(record);
    return JSON.stringify({ record, digest: createHash("sha256").update(text).digest("hex") });
}

/** @throws MigrationStopped when the record was changed by anything but this code. */
export function openUnit(text: string, where: string): Unit {
    return open(text, where, unitSchema);
}

/** @throws MigrationStopped when the record was changed by anything but this code. */
export function openMigration(text: string, where: string): Migration {
    return open(text, where, migrationSchema);
}

function open<T>(text: string, where: string, schema: z.ZodType<T>): T {
    try {
        const sealed = JSON.parse(text) as { record: unknown; digest: unknown };
        const digest = createHash("sha256").update(JSON.stringify(sealed.record)).digest("hex");
        if (digest === sealed.digest) return schema.parse(sealed.record);
    } catch {
        // Falls through to the one message.
    }
    throw new MigrationStopped(
        `The journal record ${where} was changed by hand: it does not match its digest. Nothing was ` +
            "done since. Restore it from the local copy with `logcaster shards resume --from-journal FILE`.",
    );
}
