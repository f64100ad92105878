import type { Argument, Connection, Reply } from "./connection";

interface CommandFacts {
    readonly isWrite: boolean;
    readonly isBlocking: boolean;
    readonly movableKeys: boolean;
    readonly firstKey: number;
    readonly lastKey: number;
    readonly step: number;
}

/** What the server itself says of its commands: which write, and where their keys are. */
export class CommandTable {
    private constructor(private readonly facts: ReadonlyMap<string, CommandFacts>) {}

    /** Reads COMMAND from a server. */
    static async of(connection: Connection): Promise<CommandTable> {
        const rows = (await connection.call("COMMAND")) as Reply[][];
        // The tenth field of a command such as XGROUP holds its subcommands, "xgroup|create".
        const all = rows.flatMap((row) => [row, ...((row[9] ?? []) as Reply[][])]);
        return new CommandTable(new Map(all.map(factsOf)));
    }

    /** Whether a command writes. @throws Error for a command the router cannot carry. */
    isWrite(command: readonly Argument[]): boolean {
        const facts = this.of(command);
        if (facts.isBlocking && isBlockingForm(command)) {
            throw new Error(
                `${String(command[0])} blocks a shared connection: the router refuses it.`,
            );
        }
        return facts.isWrite;
    }

    /** The keys of a command, or undefined when only the server can tell (COMMAND GETKEYS). */
    keys(command: readonly Argument[]): Argument[] | undefined {
        const { movableKeys, firstKey, lastKey, step } = this.of(command);
        if (movableKeys) return undefined;
        if (firstKey === 0) {
            throw new Error(
                `${String(command[0])} names no key: the router cannot tell its shard.`,
            );
        }
        const last = lastKey < 0 ? command.length + lastKey : lastKey;
        const keys: Argument[] = [];
        for (let index = firstKey; index <= last; index += step) keys.push(command[index]!);
        return keys;
    }

    private of(command: readonly Argument[]): CommandFacts {
        const name = String(command[0]).toLowerCase();
        const subcommand = `${name}|${String(command[1]).toLowerCase()}`;
        const facts = this.facts.get(subcommand) ?? this.facts.get(name);
        if (!facts) throw new Error(`The servers do not know the command ${name}.`);
        return facts;
    }
}

function factsOf([name, , flags, firstKey, lastKey, step]: Reply[]): [string, CommandFacts] {
    const set = new Set(flags as string[]);
    const facts = {
        isWrite: set.has("write"),
        isBlocking: set.has("blocking"),
        movableKeys: set.has("movablekeys"),
        firstKey: firstKey as number,
        lastKey: lastKey as number,
        step: step as number,
    };
    return [(name as string).toLowerCase(), facts];
}

/** XREAD and XREADGROUP block only when asked to. */
function isBlockingForm(command: readonly Argument[]): boolean {
    const words = command.map((word) => String(word).toLowerCase());
    return words[0]!.startsWith("xread") ? words.includes("block") : true;
}
