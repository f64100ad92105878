import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { getAt, parsePath, setAt } from "./paths";
import { plain, type Json, type JsonObject } from "./wire";

/** One resource of the simulated cloud. */
export interface Thing {
    urn: string;
    type: string;
    id: string;
    /** The file that holds its claim to a name, if it has one. */
    claim?: string;
    /** What a read returns: arguments as last accepted, and what the cloud made of them. */
    state: JsonObject;
}

/** An operation that changed the simulated cloud, in order. */
export interface WorldEvent {
    op: "create" | "update" | "delete" | "set" | "note";
    urn: string;
    id: string;
    message?: string;
}

function digest(...parts: string[]): string {
    return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}

/** A file that another process removed in between is no resource. */
function readThing(file: string): Thing | undefined {
    try {
        return JSON.parse(fs.readFileSync(file, "utf8")) as Thing;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

/**
 * The simulated cloud: a directory with one file a resource, shared by every provider process.
 * Files are replaced by rename, so a reader never sees half of one; readable by the owner only, since
 * a cloud knows its secrets.
 */
export class World {
    readonly #things: string;
    readonly #claims: string;
    readonly #events: string;

    constructor(readonly directory: string) {
        this.#things = path.join(directory, "things");
        this.#events = path.join(directory, "events.jsonl");
        this.#claims = path.join(directory, "claims");
        for (const folder of [this.#things, this.#claims]) {
            fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        }
    }

    /**
     * The world that `$STANDIN_DIR` names.
     * @throws Error if it is not set.
     */
    static fromEnvironment(env: NodeJS.ProcessEnv = process.env): World {
        if (!env.STANDIN_DIR) {
            throw new Error(
                "STANDIN_DIR is not set; it names the directory in which the stand-in providers keep their simulated cloud.",
            );
        }
        return new World(path.resolve(env.STANDIN_DIR));
    }

    #file(urn: string, id: string): string {
        return path.join(this.#things, `${digest(urn, id)}.json`);
    }

    /** The resource with an id; one that an alias renamed is found by type and id. */
    get(urn: string, type: string, id: string): Thing | undefined {
        return (
            readThing(this.#file(urn, id)) ??
            this.all().find((thing) => thing.type === type && thing.id === id)
        );
    }

    /**
     * Makes a resource.
     * @throws Error if another one has what it claims, as a cloud refuses a second one of a name.
     */
    create(thing: Thing, claim: string | undefined): void {
        if (claim === undefined) return this.put("create", thing);
        const name = digest(thing.type, claim);
        try {
            // The flag makes this safe between processes: only one of them can create the file.
            fs.writeFileSync(path.join(this.#claims, name), thing.urn, { flag: "wx" });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
            const owner = fs.readFileSync(path.join(this.#claims, name), "utf8");
            throw new Error(
                `${thing.type} ${thing.id} already exists in the simulated cloud (${claim}): ${owner} has it.`,
            );
        }
        this.put("create", { ...thing, claim: name });
    }

    /** Writes a resource's new state; one that an alias renamed keeps one file. */
    put(op: WorldEvent["op"], thing: Thing, before: Thing = thing): void {
        const file = this.#file(thing.urn, thing.id);
        const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
        fs.writeFileSync(draft, JSON.stringify(thing), { mode: 0o600 });
        fs.renameSync(draft, file);
        if (before.urn !== thing.urn) fs.rmSync(this.#file(before.urn, before.id), { force: true });
        this.record({ op, urn: thing.urn, id: thing.id });
    }

    /** Removes a resource; one that is gone already is no error, as in a cloud. */
    remove(urn: string, type: string, id: string): void {
        const thing = this.get(urn, type, id);
        if (thing) {
            fs.rmSync(this.#file(thing.urn, thing.id), { force: true });
            if (thing.claim) fs.rmSync(path.join(this.#claims, thing.claim), { force: true });
        }
        this.record({ op: "delete", urn, id });
    }

    all(): Thing[] {
        return fs
            .readdirSync(this.#things)
            .filter((name) => name.endsWith(".json"))
            .map((name) => readThing(path.join(this.#things, name)))
            .filter((thing) => thing !== undefined)
            .sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
    }

    /**
     * The resource with a URN; a shorter text matches the end of one.
     * @throws Error if none or more than one matches.
     */
    find(urn: string): Thing {
        const all = this.all();
        const exact = all.filter((thing) => thing.urn === urn);
        const found = exact.length ? exact : all.filter((thing) => thing.urn.endsWith(`::${urn}`));
        if (found.length === 1) return found[0] as Thing;
        const why = found.length
            ? `${found.length} resources match: ${found.map((thing) => thing.urn).join(", ")};`
            : "there is no such resource";
        throw new Error(
            `${urn} cannot be changed: ${why} in ${this.directory} (${all.length} in all).`,
        );
    }

    /** Changes one property behind the engine's back; undefined removes it. */
    set(urn: string, property: string, value: Json | undefined): void {
        const thing = this.find(urn);
        const state = setAt(thing.state, parsePath(property), value) as JsonObject;
        this.put("set", { ...thing, state });
    }

    /** The value of one property without its secret wrapper, or undefined. */
    read(urn: string, property: string): Json | undefined {
        const value = getAt(this.find(urn).state, parsePath(property));
        return value === undefined ? undefined : plain(value);
    }

    record(event: WorldEvent): void {
        fs.appendFileSync(this.#events, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    }

    events(): WorldEvent[] {
        if (!fs.existsSync(this.#events)) return [];
        return fs
            .readFileSync(this.#events, "utf8")
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line) as WorldEvent);
    }
}
