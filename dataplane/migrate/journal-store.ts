import { appendFile, mkdir, open, readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Connection } from "../router/connection";
import { Script } from "../router/script";
import { BadInput, LeaseLost } from "./errors";
import {
    type Migration,
    openMigration,
    openUnit,
    sealRecord,
    type Unit,
    type Wish,
} from "./journal";

const MIGRATION_KEY = "logcaster:migration";
const unitsKey = (id: string) => `logcaster:migration:${id}:units`;
const leaseKey = (id: string, unit: string) => `logcaster:migration:${id}:lease:${unit}`;

// A number that only grows, even over a lost store: the server's microseconds, or one more.
const NEXT_TOKEN = new Script(`
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
local token = string.format('%.0f', math.max(now, last + 1))
redis.call('SET', KEYS[1], token)
return token
`);

// KEYS: lease. ARGV: token, ms. Takes a free lease or renews one's own.
const TAKE_LEASE = new Script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

const DROP_LEASE = new Script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

// KEYS: lease, units. ARGV: token, unit, text.
const PUT_UNIT = new Script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return 1
`);

// KEYS: migration, units. ARGV: text expected ('' none), text, then unit and text of each.
const PUT_MIGRATION = new Script(`
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
`);

/** A worker's right to a unit. */
export interface Lease {
    readonly unit: string;
    /** Greater than every token before it: servers refuse what an older holder still writes. */
    readonly token: string;
}

/** The journal: in the metadata store for all workers, and appended to a file of this worker. */
export class JournalStore {
    constructor(
        private readonly connection: Connection,
        /** Where the local copy goes; none when undefined. */
        private readonly directory: string | undefined,
    ) {}

    /** The newest migration with its record's text, or undefined before the first. */
    async migration(): Promise<{ migration: Migration; text: string } | undefined> {
        const text = (await this.connection.call("GET", MIGRATION_KEY)) as string | null;
        if (text === null) return undefined;
        return { migration: openMigration(text, "of the migration"), text };
    }

    /** Starts a migration in place of the one whose text is given. Another's start wins: false. */
    async start(migration: Migration, units: readonly Unit[], previous: string): Promise<boolean> {
        const text = sealRecord(migration);
        const records = units.flatMap((unit) => [unit.id, sealRecord(unit)]);
        const keys = [MIGRATION_KEY, unitsKey(migration.id)];
        const args = [previous, text, ...records];
        const isDone = (await this.connection.run(PUT_MIGRATION, keys, args)) === 1;
        if (isDone) {
            await this.copy(migration.id, text);
            for (const unit of units) await this.copy(migration.id, sealRecord(unit));
            return true;
        }
        // Perhaps our own start, whose answer was lost.
        return (await this.connection.call("GET", MIGRATION_KEY)) === text;
    }

    /** Changes the migration's own record by compare-and-set, repeating until nobody interfered. */
    async update(change: (migration: Migration) => Migration): Promise<Migration> {
        for (;;) {
            const current = await this.migration();
            if (!current) throw new BadInput("There is no migration.");
            const next = change(current.migration);
            const text = sealRecord(next);
            if (text === current.text) return next;
            const keys = [MIGRATION_KEY, unitsKey(next.id)];
            if ((await this.connection.run(PUT_MIGRATION, keys, [current.text, text])) !== 1)
                continue;
            await this.copy(next.id, text);
            return next;
        }
    }

    /** Tells the workers what to do. */
    async setWish(wish: Wish): Promise<Migration> {
        return this.update((migration) => ({ ...migration, wish }));
    }

    /** All units, ordered by id. */
    async units(id: string): Promise<Unit[]> {
        const flat = (await this.connection.call("HGETALL", unitsKey(id))) as string[];
        const units: Unit[] = [];
        for (let index = 0; index < flat.length; index += 2) {
            units.push(openUnit(flat[index + 1]!, `of unit ${flat[index]}`));
        }
        return units.sort((a, b) => (a.id < b.id ? -1 : 1));
    }

    /** One unit as it stands. */
    async unit(id: string, unit: string): Promise<Unit> {
        const text = (await this.connection.call("HGET", unitsKey(id), unit)) as string | null;
        if (text === null) throw new BadInput(`Migration ${id} has no unit ${unit}.`);
        return openUnit(text, `of unit ${unit}`);
    }

    /** A growing number for a lease or a cut-over. */
    async nextToken(): Promise<string> {
        return (await this.connection.run(NEXT_TOKEN, ["logcaster:token"], [])) as string;
    }

    /** Takes a unit for `ms`; undefined when another worker has it. */
    async take(id: string, unit: string, ms: number): Promise<Lease | undefined> {
        const lease = { unit, token: await this.nextToken() };
        return (await this.renew(id, lease, ms)) ? lease : undefined;
    }

    /** Renews a lease; false when it is lost. */
    async renew(id: string, lease: Lease, ms: number): Promise<boolean> {
        const args = [lease.token, String(ms)];
        return (await this.connection.run(TAKE_LEASE, [leaseKey(id, lease.unit)], args)) === 1;
    }

    /** Gives a unit back. */
    async release(id: string, lease: Lease): Promise<void> {
        await this.connection.run(DROP_LEASE, [leaseKey(id, lease.unit)], [lease.token]);
    }

    /** Writes a unit's record. @throws LeaseLost when the lease is another's by now. */
    async put(id: string, lease: Lease, unit: Unit): Promise<void> {
        const text = sealRecord(unit);
        const keys = [leaseKey(id, unit.id), unitsKey(id)];
        const isDone = await this.connection.run(PUT_UNIT, keys, [lease.token, unit.id, text]);
        if (isDone !== 1) throw new LeaseLost(`Unit ${unit.id} went to another worker.`);
        await this.copy(id, text);
    }

    /** Puts records of a local copy back into the store, the last of each unit. */
    async restore(file: string): Promise<Migration> {
        const lines = (await readFile(file, "utf8").catch(() => undefined))?.trim().split("\n");
        if (!lines) throw new BadInput(`There is no journal file ${file}.`);
        const units = new Map<string, string>();
        let migration: Migration | undefined;
        let text = "";
        for (const line of lines) {
            const { record } = JSON.parse(line) as { record: Record<string, unknown> };
            if ("place" in record) {
                migration = openMigration(line, `in ${file}`);
                text = line;
            } else units.set(openUnit(line, `in ${file}`).id, line);
        }
        if (!migration) throw new BadInput(`The journal file ${file} has no migration.`);
        await this.connection.call("SET", MIGRATION_KEY, text);
        const flat = [...units].flat();
        if (flat.length > 0) await this.connection.call("HSET", unitsKey(migration.id), ...flat);
        return migration;
    }

    private async copy(id: string, text: string): Promise<void> {
        if (this.directory === undefined) return;
        await mkdir(this.directory, { recursive: true });
        const file = path.join(this.directory, `${id}.jsonl`);
        await appendFile(file, `${text}\n`);
        const handle = await open(file, "r");
        await handle.sync().finally(() => handle.close());
    }
}
