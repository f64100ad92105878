import { getAt, parsePath } from "./paths";
import { isObject, isSecret, type Json } from "./wire";
import { World } from "./world";

const USAGE = `Changes the simulated cloud of the stand-in providers ($STANDIN_DIR) behind the engine's back.

  npm run standin -- list [TEXT]             URNs, all or those that hold TEXT
  npm run standin -- get URN [path]          a resource, or one of its properties (secrets masked)
  npm run standin -- set URN path=JSON ...   changes properties; path= alone removes one
  npm run standin -- delete URN              removes the resource

URN may be short: the name after the last "::", where only one resource has it.
Example: npm run standin -- set logcaster-us-east-1-fleet desiredCapacity=9
The stand-ins prove wiring, not that a cloud accepts a request.
`;

/** A user's mistake: one sentence, exit 2. */
class BadInput extends Error {}

function assignment(argument: string): { path: string; value: Json | undefined } {
    const [, path = "", text = ""] = /^((?:[^=[]|\[[^\]]*\])+)=([\s\S]*)$/.exec(argument) ?? [];
    if (!path) throw new BadInput(`${argument} is not path=JSON, such as desiredCapacity=9.`);
    try {
        parsePath(path);
        return { path, value: text === "" ? undefined : (JSON.parse(text) as Json) };
    } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new BadInput(
            `${argument} cannot be read (${why}): give JSON after "=", with quotes round a text.`,
        );
    }
}

/** The value with "[secret]" in the place of every secret. */
function masked(value: Json): Json {
    if (isSecret(value)) return "[secret]";
    if (Array.isArray(value)) return value.map(masked);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, masked(part)]));
}

/** Runs one command; gives the exit code: 0 done, 2 bad input. */
export function worldCommand(
    args: readonly string[],
    write: (text: string) => void,
    env: NodeJS.ProcessEnv = process.env,
): number {
    const [command, urn, ...rest] = args;
    try {
        if (command === undefined || command === "--help" || command === "-h") {
            write(USAGE);
            return command === undefined ? 2 : 0;
        }
        if (!env.STANDIN_DIR) {
            throw new BadInput(
                "STANDIN_DIR is not set: name the directory that the stand-in providers were started with.",
            );
        }
        const world = World.fromEnvironment(env);
        if (command === "list") {
            for (const thing of world.all()) {
                if (!urn || thing.urn.includes(urn)) write(`${thing.urn}\t${thing.id}\n`);
            }
            return 0;
        }
        if (!["get", "set", "delete"].includes(command)) {
            throw new BadInput(`${command} is no command; they are list, get, set and delete.`);
        }
        if (!urn) throw new BadInput(`${command} needs a URN; "list" shows them.`);
        const thing = find(world, urn);
        if (command === "get") {
            const [path] = rest;
            const value = path ? getAt(thing.state, parsePath(path)) : thing.state;
            write(`${JSON.stringify(masked(value ?? null), undefined, 4)}\n`);
        } else if (command === "delete") {
            world.remove(thing.urn, thing.type, thing.id);
        } else {
            if (rest.length === 0) throw new BadInput("set needs path=JSON, such as minSize=5.");
            for (const { path, value } of rest.map(assignment)) world.set(thing.urn, path, value);
        }
        return 0;
    } catch (error) {
        write(`${error instanceof Error ? error.message : String(error)}\n`);
        return 2;
    }
}

function find(world: World, urn: string) {
    try {
        return world.find(urn);
    } catch (error) {
        throw new BadInput(error instanceof Error ? error.message : String(error));
    }
}
