import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";

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

/** Runs `use` with a folder whose project is this repository's program and whose stack `prod` has these settings. */
export async function withProject<T>(
    settings: Tree,
    use: (folder: string) => Promise<T>,
): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "logcaster-"));
    try {
        const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as Tree;
        const config = Object.fromEntries(
            Object.entries(settings).map(([key, value]) => [`logcaster:${key}`, value]),
        );
        writeFileSync(
            join(folder, "Pulumi.yaml"),
            stringify({ ...project, main: join(ROOT, "index.ts") }),
        );
        writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ config }));
        return await use(folder);
    } finally {
        rmSync(folder, { recursive: true });
    }
}
