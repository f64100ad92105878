/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
    constructor(private state: number) {}

    /** In [0, 1). */
    next(): number {
        this.state = (this.state + 0x6d2b79f5) | 0;
        let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }

    /** A whole number from `low` to `high`, both included. */
    int(low: number, high: number): number {
        return low + Math.floor(this.next() * (high - low + 1));
    }

    chance(probability: number): boolean {
        return this.next() < probability;
    }

    pick<T>(from: readonly T[]): T {
        return from[this.int(0, from.length - 1)] as T;
    }

    list<T>(length: number, make: (index: number) => T): T[] {
        return Array.from({ length }, (_, i) => make(i));
    }
}
