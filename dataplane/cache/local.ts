import { LRUCache } from "lru-cache";

/** An entry of L1. Times are of the monotonic clock, in ms. */
export interface LocalEntry<V> {
    /** undefined: the source has no such thing. */
    readonly value: V | undefined;
    readonly bytes: number;
    readonly freshUntil: number;
    readonly staleUntil: number;
    /** From here on a fresh value is loaded anew in the background. */
    readonly refreshAt: number;
    readonly tags: readonly (readonly [tag: string, version: string])[];
    readonly etag?: string;
}

/** Bookkeeping of an entry, by measurement of lru-cache and the entry object. */
const OVERHEAD_BYTES = 300;

/** L1: least recently used, bounded by bytes; an entry over an eighth of the bound is not kept. */
export class Local<V> {
    private readonly entries: LRUCache<string, LocalEntry<V>>;

    constructor(maxBytes: number) {
        this.entries = new LRUCache<string, LocalEntry<V>>({
            maxSize: maxBytes,
            maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
            sizeCalculation: (entry, key) => entry.bytes + key.length * 2 + OVERHEAD_BYTES,
        });
    }

    /** Bytes held. */
    get bytes(): number {
        return this.entries.calculatedSize;
    }

    get(key: string): LocalEntry<V> | undefined {
        return this.entries.get(key);
    }

    set(key: string, entry: LocalEntry<V>): void {
        this.entries.set(key, entry);
    }

    delete(key: string): void {
        this.entries.delete(key);
    }

    clear(): void {
        this.entries.clear();
    }
}
