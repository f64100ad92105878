import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

export const ROOT = resolve(__dirname, "../..");

export type Tree = Record<string, unknown>;

/** The configuration of a stack's file, as it is written. */
export function configOf(stack: string): Tree {
    const file = readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8");
    return (parse(file) as { config: Tree }).config;
}

/** The objects below `logcaster:` of a stack's file. */
export function settingsOf(stack: string): Tree {
    return Object.fromEntries(
        Object.entries(configOf(stack))
            .filter(([key]) => key.startsWith("logcaster:"))
            .map(([key, value]) => [key.slice("logcaster:".length), value]),
    );
}

/** Puts `value` at a path such as `regions["us-east-1"].zones[0]`; undefined removes. */
export function setAt(tree: Tree, path: string, value: unknown): void {
    const parts = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
        (m) => m[1] ?? m[2] ?? m[3]!,
    );
    const last = parts.pop()!;
    const holder = parts.reduce<Tree>((at, part) => (at[part] ??= {}) as Tree, tree);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
}
