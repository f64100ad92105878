/** `npm run bench [-- name...]`: measures beside peers and writes docs/benchmarks.md; what is not run keeps its last figures. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import * as cache from "./cache";
import * as capacity from "./capacity";
import * as migration from "./dataplane/migration";
import * as partitions from "./dataplane/partitions";
import * as preview from "./preview";
import * as proxy from "./proxy";
import type { Section } from "./section";

/** Each measurement by name, in the order of the page. */
const BENCHES: Readonly<Record<string, { measure: () => Promise<Section> }>> = {
    preview,
    partitions,
    migration,
    cache,
    proxy,
    capacity,
};

const PAGE = join(__dirname, "../docs/benchmarks.md");

const INTRO = `# Benchmarks

Written by \`make bench\`; \`npm run bench -- <name>\` measures one section anew and leaves the others as they were. Each section is measured beside its peer in one run on one machine: read the ratios, not the seconds.
`;

/** The sections of the page as it stands, by name. */
function sectionsOf(page: string): Map<string, string> {
    const parts = page.split(/^<!-- bench:(\S+) -->$/m);
    return new Map(
        parts.flatMap((part, i) => (i % 2 === 1 ? [[part, parts[i + 1]!.trim()] as const] : [])),
    );
}

async function main(names: readonly string[]): Promise<void> {
    const unknown = names.filter((name) => !(name in BENCHES));
    if (unknown.length > 0) {
        console.error(
            `no bench ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}`,
        );
        process.exitCode = 2;
        return;
    }
    const sections = sectionsOf(existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "");
    for (const [name, bench] of Object.entries(BENCHES)) {
        if (names.length > 0 && !names.includes(name)) continue;
        console.log(`measuring ${name} ...`);
        const { title, text } = await bench.measure();
        const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
        sections.set(name, `## ${title}\n\n${text.trim()}\n\nMeasured on ${machine}.`);
        console.log(`\n${sections.get(name)}\n`);
        const body = Object.keys(BENCHES)
            .filter((key) => sections.has(key))
            .map((key) => `<!-- bench:${key} -->\n\n${sections.get(key)}\n`);
        writeFileSync(PAGE, [INTRO, ...body].join("\n"));
    }
}

void main(process.argv.slice(2));
