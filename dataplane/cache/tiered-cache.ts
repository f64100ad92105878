import { randomUUID } from "node:crypto";
import { Breaker } from "./breaker";
import { bytesOf, type Envelope } from "./envelope";
import { Feed } from "./feed";
import { Local, type LocalEntry } from "./local";
import { CacheMetrics, type Tier } from "./metrics";
import { Names } from "./names";
import {
    checkKey,
    resolveOptions,
    type CacheOptions,
    type EntryOptions,
    type Loaded,
    type Loader,
    type ResolvedOptions,
} from "./options";
import { ifAway, Remote, RemoteAway, type RemoteEntry } from "./remote";
import { TagVersions, type Tags } from "./tags";
import { Tickets, type Ticket } from "./tickets";

/** Times a load starts over because its key was deleted or written meanwhile, before its value is answered but not kept. */
const MAX_LOADS = 3;
/** A waiter for another process's load looks again at least this often, in ms. */
const WAIT_MS = 50;
/** One answer in so many is timed. */
const TIMED_ONE_IN = { l1: 1024, l2: 16 } as const;

/**
 * A cache in tiers: L1 in this process, L2 in Valkey or Redis, and a loader below.
 *
 * What holds: a key never answers with another key's value. A loader that started before a deletion or a write of its key never stores what it
 * found, in any process: it fills L2 under a lease that the deletion takes away, and L1 under a ticket that the deletion voids. One loader runs
 * a key, in all processes. L1 never outlives the entry of L2, and is emptied whenever changes of L2 may have been missed.
 * What does not: another process's L1 may answer with the old value until the invalidation reaches it, and for `awayTtlMs` while L2 is away.
 */
export class TieredCache<V> {
    readonly metrics: CacheMetrics;
    private readonly options: ResolvedOptions<V>;
    private readonly names: Names;
    private readonly local: Local<V>;
    private readonly remote: Remote;
    private readonly feed: Feed;
    private readonly tickets = new Tickets();
    private readonly loading = new Map<string, Promise<V | undefined>>();
    private readonly refreshing = new Set<string>();
    private readonly tags: TagVersions;
    private readonly answers = { l1: 0, l2: 0 };

    /**
     * @throws RangeError where an option is out of its range
     */
    constructor(options: CacheOptions<V>) {
        this.options = resolveOptions(options);
        const { prefix, url, l1MaxBytes, breakerFailures, breakerOpenMs, l2TimeoutMs, now } =
            this.options;
        const urls = typeof url === "string" ? [url] : url;
        this.names = new Names(prefix);
        this.local = new Local(l1MaxBytes);
        this.metrics = new CacheMetrics(() => this.local.bytes);
        const breaker = new Breaker(breakerFailures, breakerOpenMs, now);
        this.remote = Remote.open(urls, this.names, breaker, l2TimeoutMs, () => {
            this.metrics.l2Errors++;
        });
        this.tags = new TagVersions(this.remote, () => this.feed.hears);
        this.feed = new Feed(urls, this.names, this.options.invalidation, {
            changed: (name) => this.changed(name),
            missed: () => this.missed(),
        });
    }

    /** The value of a key, or undefined: from L1, else L2. Never fails: with L2 away it answers from L1 alone. */
    get(key: string): Promise<V | undefined> {
        checkKey(key);
        const hit = this.peek(key);
        if (hit) return Promise.resolve(hit.value);
        return this.fromRemote(key).then((entry) => entry?.value, ifAway(undefined));
    }

    /** The values of those keys that are in the cache. */
    async getMany(keys: readonly string[]): Promise<Map<string, V>> {
        const values = await Promise.all(keys.map((key) => this.get(key)));
        return new Map(
            keys.flatMap((key, i) => {
                const value = values[i];
                return value === undefined ? [] : [[key, value] as const];
            }),
        );
    }

    /**
     * The value of a key, loaded where no tier has it; one load at a time, over all processes.
     * @throws whatever the loader throws, for a key that no tier has
     */
    getOrLoad(key: string, loader: Loader<V>, options: EntryOptions = {}): Promise<V | undefined> {
        checkKey(key);
        // Whoever comes while a key is loaded waits with the others, without asking L1 again.
        const running = this.loading.get(key);
        if (running) return running;
        const hit = this.peek(key);
        if (hit) {
            if (this.options.now() >= hit.refreshAt) this.refresh(key, loader, options, hit);
            return Promise.resolve(hit.value);
        }
        const started = this.resolve(key, loader, options).finally(() => {
            if (this.loading.get(key) === started) this.loading.delete(key);
        });
        this.loading.set(key, started);
        return started;
    }

    /**
     * Stores a value; what is being loaded for the key is not kept.
     * @throws RemoteAway where L2 did not take it: then no tier of this process has it
     */
    async set(key: string, value: V, options: EntryOptions = {}): Promise<void> {
        checkKey(key);
        const tags = await this.tags.current(options.tags);
        const envelope = this.seal(key, { value }, options, tags);
        this.drop(key);
        const ticket = this.tickets.take(key);
        try {
            if (envelope) await this.remote.put(envelope);
            this.drop(key, ticket);
            if (envelope) this.keep(ticket, key, value, envelope);
            await this.tell(this.names.value(key));
        } finally {
            ticket.close();
        }
    }

    /**
     * Removes a value; what is being loaded for the key is not kept, in any process.
     * @throws RemoteAway where L2 did not do it: it may still answer with the value until its time is over
     */
    async delete(key: string): Promise<void> {
        checkKey(key);
        this.drop(key);
        await this.remote.remove(key);
        // A read that began after the first drop may have brought the old value back.
        this.drop(key);
        await this.tell(this.names.value(key));
    }

    /**
     * Removes every value stored with a tag, at the price of one write.
     * @throws RemoteAway where L2 did not do it
     */
    async invalidateTag(tag: string): Promise<void> {
        checkKey(tag);
        await this.tags.renew(tag);
        await this.tell(this.names.tag(tag));
    }

    /** Ends the connections. */
    close(): void {
        this.feed.close();
        this.remote.close();
        this.local.clear();
    }

    /** Whether changes by other processes are being heard; L1 keeps entries for `awayTtlMs` at most while not. */
    get hears(): boolean {
        return this.feed.hears;
    }

    /** L1's answer, if it still holds. */
    private peek(key: string): LocalEntry<V> | undefined {
        const started = this.options.now();
        const entry = this.local.get(key);
        if (!entry || started >= entry.staleUntil || !this.tags.knows(entry.tags)) {
            this.metrics.misses.l1++;
            return undefined;
        }
        this.metrics.hits.l1++;
        this.time("l1", started);
        return entry;
    }

    private time(tier: Tier, started: number): void {
        if (++this.answers[tier] % TIMED_ONE_IN[tier] !== 0) return;
        this.metrics.latency.observe({ tier }, (this.options.now() - started) / 1000);
    }

    /** L2's answer, kept in L1. */
    private async fromRemote(key: string): Promise<LocalEntry<V> | undefined> {
        const ticket = this.tickets.take(key);
        const started = this.options.now();
        try {
            return await this.accept(ticket, key, await this.remote.read(key), started);
        } finally {
            ticket.close();
        }
    }

    /** An entry of L2 as one of L1, if its tags still hold. */
    private async accept(
        ticket: Ticket,
        key: string,
        found: RemoteEntry | undefined,
        started: number,
    ): Promise<LocalEntry<V> | undefined> {
        const holds =
            found !== undefined &&
            (found.envelope.tags.length === 0 || (await this.tags.hold(found.envelope.tags)));
        this.time("l2", started);
        if (!holds) {
            this.metrics.misses.l2++;
            return undefined;
        }
        this.metrics.hits.l2++;
        const { payload } = found.envelope;
        const value = payload && this.options.codec.decode(payload);
        return this.keep(ticket, key, value, found.envelope, started + found.remainingMs);
    }

    private async resolve(key: string, loader: Loader<V>, options: EntryOptions) {
        try {
            for (let loads = 0; ;) {
                const token = randomUUID();
                const entry = await this.readOrLease(key, token);
                if (entry === "busy") {
                    await this.tickets.changed(key, WAIT_MS);
                    continue;
                }
                if (entry !== "leased") {
                    if (this.options.now() >= entry.refreshAt) {
                        this.refresh(key, loader, options, entry);
                    }
                    return entry.value;
                }
                const { value, kept } = await this.load(key, token, loader, options);
                if (kept || ++loads >= MAX_LOADS) return value;
            }
        } catch (error) {
            if (!(error instanceof RemoteAway)) throw error;
            return this.loadAlone(key, loader, options);
        }
    }

    /** L2's answer, or the right to load, or neither. */
    private async readOrLease(
        key: string,
        token: string,
    ): Promise<LocalEntry<V> | "leased" | "busy"> {
        const ticket = this.tickets.take(key);
        const started = this.options.now();
        try {
            const found = await this.remote.readOrLease(key, token, this.leaseMs);
            if (typeof found === "string") return found;
            const entry = await this.accept(ticket, key, found, started);
            if (entry) return entry;
        } finally {
            ticket.close();
        }
        // An entry whose tags were invalidated is in the way. Another process may replace it before the lease is ours.
        if (!(await this.remote.lease(key, token, this.leaseMs))) return "busy";
        const filled = await this.fromRemote(key);
        if (filled) await this.remote.release(key, token);
        return filled ?? "leased";
    }

    /** Loads under a lease. `kept` is false where the key was deleted or written meanwhile: the value may be an old one. */
    private async load(
        key: string,
        token: string,
        loader: Loader<V>,
        options: EntryOptions,
        previous?: LocalEntry<V>,
    ): Promise<{ value: V | undefined; kept: boolean }> {
        // Before the loader starts: a tag invalidated from here on voids the entry.
        const tags = await this.tags.current(options.tags);
        const ticket = this.tickets.take(key);
        try {
            const loaded = await this.call(loader, key, previous).catch(async (error: unknown) => {
                await this.remote.release(key, token).catch(ifAway(undefined));
                throw error;
            });
            const { value } = loaded;
            const envelope = this.seal(key, loaded, options, tags);
            if (!envelope) {
                await this.remote.release(key, token).catch(ifAway(undefined));
                return { value, kept: true };
            }
            const filled = await this.remote.fill(token, envelope).catch(ifAway("away" as const));
            if (filled === false) {
                this.metrics.refusedFills++;
                return { value, kept: false };
            }
            const until = filled === "away" ? this.awayUntil() : undefined;
            this.keep(ticket, key, value, envelope, until);
            if (filled === true) await this.tell(this.names.value(key)).catch(ifAway(undefined));
            return { value, kept: true };
        } finally {
            ticket.close();
        }
    }

    /** Loads without L2: one load at a time in this process, kept in L1 for a moment. */
    private async loadAlone(key: string, loader: Loader<V>, options: EntryOptions) {
        const ticket = this.tickets.take(key);
        try {
            const loaded = await this.call(loader, key);
            const envelope = this.seal(key, loaded, options, []);
            if (envelope) this.keep(ticket, key, loaded.value, envelope, this.awayUntil());
            return loaded.value;
        } finally {
            ticket.close();
        }
    }

    /** Loads a value anew in the background; the old one is answered meanwhile, and again if the loader fails. */
    private refresh(
        key: string,
        loader: Loader<V>,
        options: EntryOptions,
        previous: LocalEntry<V>,
    ): void {
        if (this.refreshing.has(key)) return;
        this.refreshing.add(key);
        const token = randomUUID();
        this.remote
            .lease(key, token, this.leaseMs)
            .then(async (mine) => {
                if (mine) await this.load(key, token, loader, options, previous);
            })
            .catch(() => undefined) // counted where it happened
            .finally(() => this.refreshing.delete(key));
    }

    /** Longer than a load by the time of the fill, so that a loader that just made it still holds its lease. */
    private get leaseMs(): number {
        return this.options.loadTimeoutMs + this.options.l2TimeoutMs;
    }

    private async call(
        loader: Loader<V>,
        key: string,
        previous?: LocalEntry<V>,
    ): Promise<Loaded<V>> {
        const { loadTimeoutMs } = this.options;
        const abort = new AbortController();
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>((_, reject) => {
            timer = setTimeout(() => {
                const error = new Error(`the loader of ${key} took over ${loadTimeoutMs} ms`);
                abort.abort(error);
                reject(error);
            }, loadTimeoutMs);
        });
        this.metrics.loads++;
        try {
            const context = { signal: abort.signal, ...(previous ? { previous } : {}) };
            return await Promise.race([loader(key, context), late]);
        } catch (error) {
            this.metrics.loadErrors++;
            throw error;
        } finally {
            clearTimeout(timer);
        }
    }

    /** The entry as L2 stores it, or undefined where it has no lifetime. */
    private seal(
        key: string,
        loaded: Loaded<V>,
        options: EntryOptions,
        tags: Tags,
    ): Envelope | undefined {
        const { codec, negativeTtlMs, random, ttlJitterPercent } = this.options;
        const absent = loaded.value === undefined;
        const wanted = absent
            ? negativeTtlMs
            : (loaded.ttlMs ?? options.ttlMs ?? this.options.ttlMs);
        if (wanted <= 0) return undefined;
        const ttlMs = Math.max(1, Math.round(wanted * (1 - (ttlJitterPercent / 100) * random())));
        const staleMs = absent ? 0 : (loaded.staleMs ?? options.staleMs ?? this.options.staleMs);
        return {
            key,
            payload: absent ? undefined : bytesOf(codec.encode(loaded.value as V)),
            ttlMs,
            staleMs,
            tags,
            ...(loaded.etag === undefined ? {} : { etag: loaded.etag }),
        };
    }

    /** Puts an entry into L1, unless it was invalidated since the ticket was taken. `until` is when L2's entry ends. */
    private keep(
        ticket: Ticket,
        key: string,
        value: V | undefined,
        { payload, ttlMs, staleMs, tags, etag }: Envelope,
        until = this.options.now() + ttlMs + staleMs,
    ): LocalEntry<V> {
        const staleUntil = this.feed.hears ? until : Math.min(until, this.awayUntil());
        const freshUntil = until - staleMs;
        const entry: LocalEntry<V> = {
            value,
            bytes: payload?.length ?? 0,
            freshUntil,
            staleUntil,
            refreshAt: freshUntil - (ttlMs * this.options.earlyRefreshPercent) / 100,
            tags,
            ...(etag === undefined ? {} : { etag }),
        };
        if (ticket.valid) this.local.set(key, entry);
        return entry;
    }

    private awayUntil(): number {
        return this.options.now() + this.options.awayTtlMs;
    }

    private changed(name: string): void {
        const changed = this.names.parse(name);
        if (!changed) return;
        this.metrics.invalidations++;
        if (changed.kind === "tag") this.tags.forget(changed.id);
        else this.drop(changed.id);
    }

    private missed(): void {
        this.metrics.resets++;
        this.local.clear();
        this.loading.clear();
        this.tags.forgetAll();
        this.tickets.voidAll();
    }

    /** Forgets a key; `except` is the ticket of the write that makes it change. */
    private drop(key: string, except?: Ticket): void {
        const valid = except?.valid;
        this.local.delete(key);
        this.loading.delete(key);
        this.tickets.void(key);
        if (except && valid) except.valid = true;
    }

    /** Tells the other processes of a change where the server does not. */
    private async tell(name: string): Promise<void> {
        if (this.feed.mode === "pubsub") await this.remote.publish(name);
    }
}
