import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import * as ts from "typescript";

const ROOT = join(__dirname, "..");

/** The room of a package of ours. */
const PACKAGES: Readonly<Record<string, string>> = {
    "logcaster-model": "model",
    "logcaster-scaling": "components",
    "logcaster-scaling-policy": "policy",
    "logcaster-dataplane": "dataplane",
    "logcaster-preview": "preview",
};

/** What each room may import: rooms of ours, and whether Pulumi. `scripts`, `tests` and `bench` may import all. */
const ALLOWED: Readonly<Record<string, { rooms: readonly string[]; pulumi: boolean }>> = {
    ".": { rooms: ["components", "model"], pulumi: true },
    model: { rooms: [], pulumi: false },
    components: { rooms: ["model"], pulumi: true },
    policy: { rooms: ["model"], pulumi: true },
    dataplane: { rooms: ["model"], pulumi: false },
    preview: { rooms: [], pulumi: true },
};

/** What model must not touch: it is pure. */
const IMPURE = /^(node:)?(fs|net|http|https|child_process|os|worker_threads|dgram|tls)(\/|$)/;

function sourcesOf(): string[] {
    return execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts"], {
        cwd: ROOT,
        encoding: "utf8",
    })
        .split("\n")
        .filter((file) => file !== "" && !file.includes("node_modules"));
}

function roomOf(file: string): string {
    return file.includes("/") ? file.split("/")[0]! : ".";
}

/** Everything that breaks the direction of imports in one file. */
function offences(file: string, text: string): string[] {
    const room = roomOf(file);
    const rule = ALLOWED[room];
    if (!rule) return [];
    return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => {
        const target = fileName.startsWith(".")
            ? roomOf(normalize(join(dirname(file), fileName)))
            : PACKAGES[fileName.split("/")[0]!];
        if (fileName.startsWith("@pulumi/") && !rule.pulumi) return [`${file}: ${fileName}`];
        if (room === "model" && IMPURE.test(fileName)) return [`${file}: ${fileName}`];
        if (target === undefined || target === room || rule.rooms.includes(target)) return [];
        // The root's own files, settings.ts beside index.ts, are one room; a relative path into another room never is.
        return room === "." && !fileName.slice(2).includes("/") ? [] : [`${file}: ${fileName}`];
    });
}

describe("imports between rooms", () => {
    it("go one way", () => {
        const sources = sourcesOf();
        assert.ok(sources.length > 20, "the sources were found");
        assert.deepEqual(
            sources.flatMap((file) => offences(file, readFileSync(join(ROOT, file), "utf8"))),
            [],
        );
    });

    const broken: readonly [string, string][] = [
        ["model/x.ts", 'import * as pulumi from "@pulumi/pulumi";'],
        ["model/x.ts", 'import { readFileSync } from "node:fs";'],
        ["model/x.ts", 'import { Network } from "../components/network";'],
        ["dataplane/x.ts", 'import { Config } from "@pulumi/pulumi";'],
        ["preview/x.ts", 'import { LIMITS } from "logcaster-model/limits";'],
        ["components/x.ts", 'import { loadSettings } from "../settings";'],
        ["policy/x.ts", 'import { Network } from "logcaster-scaling";'],
        ["index.ts", 'import { rules } from "./policy/rules";'],
    ];
    for (const [file, text] of broken) {
        it(`refuse ${text} in ${file}`, () => {
            assert.equal(offences(file, text).length, 1);
        });
    }
});
