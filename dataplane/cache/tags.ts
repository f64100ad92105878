import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import { checkKey } from "./options";
import type { Remote } from "./remote";
import { Tickets } from "./tickets";

/** The tags of an entry and the version each had before its value was loaded. */
export type Tags = readonly (readonly [tag: string, version: string])[];

/** Tags whose versions a process remembers; the others are asked for. */
const MAX_TAGS = 100_000;

/** Versions of tags: a tag is invalidated by giving it a new one, at the price of one write however many entries carry it. */
export class TagVersions {
    private readonly known = new LRUCache<string, string>({ max: MAX_TAGS });
    private readonly tickets = new Tickets();

    constructor(
        private readonly remote: Remote,
        /** Whether changes are being heard: a version is remembered only then. */
        private readonly hears: () => boolean,
    ) {}

    /** Whether every version is known here and is still the entry's. */
    knows(tags: Tags): boolean {
        return tags.length === 0 || tags.every(([tag, version]) => this.known.get(tag) === version);
    }

    /** Whether every tag still has the entry's version, asking L2 for what is not known here. */
    async hold(tags: Tags): Promise<boolean> {
        const versions = await Promise.all(tags.map(([tag]) => this.version(tag)));
        return tags.every(([, version], i) => versions[i] === version);
    }

    /** The versions as they are now; a tag without one gets one. An evicted version is never given again, so its entries are misses. */
    async current(tags: readonly string[] = []): Promise<Tags> {
        tags.forEach(checkKey);
        return Promise.all(
            tags.map(async (tag) => [tag, (await this.version(tag, randomUUID()))!] as const),
        );
    }

    /** Gives a tag a new version. */
    async renew(tag: string): Promise<void> {
        await this.remote.setTagVersion(tag, randomUUID());
        this.forget(tag);
    }

    /** The tag may have changed. */
    forget(tag: string): void {
        this.known.delete(tag);
        this.tickets.void(tag);
    }

    /** Any tag may have changed. */
    forgetAll(): void {
        this.known.clear();
        this.tickets.voidAll();
    }

    private async version(tag: string, create?: string): Promise<string | undefined> {
        const known = this.known.get(tag);
        if (known !== undefined) return known;
        const ticket = this.tickets.take(tag);
        try {
            const version = await this.remote.tagVersion(tag, create);
            if (version !== undefined && ticket.valid && this.hears()) this.known.set(tag, version);
            return version;
        } finally {
            ticket.close();
        }
    }
}
