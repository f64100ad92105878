/** What pods run around the server, as POSIX shell: nothing of how a cluster holds together is hidden in an image. */
import { initialTable, partitionsOf, SLOT_COUNT } from "logcaster-model/partitions";
import { SCRIPTS } from "./defaults";
import { COMMON, CREATE, HAND_OVER, JOIN, LIVE, READY, START } from "./shell";

/** What the scripts depend on. */
export interface ScriptSettings {
    readonly port: number;
    /** Hostnames by shard. */
    readonly shards: readonly (readonly string[])[];
    /** What makes a hostname a DNS name. */
    readonly domain: string;
    readonly dataFolder: string;
    readonly configurationFolder: string;
    readonly secretsFolder: string;
    /** File of the authority that signs the servers; plain connections without. */
    readonly authorityFile?: string;
}

/** Every script by its file's name. settings.sh alone depends on how many pods there are. */
export function renderScripts(settings: ScriptSettings): Record<string, string> {
    const { configurationFolder: folder } = settings;
    const script = (...parts: string[]) =>
        ["#!/bin/sh", "set -u", `. ${folder}/settings.sh`, ...parts].join("\n");
    return {
        "settings.sh": variables(settings),
        "start.sh": script(COMMON, JOIN, START),
        "stop.sh": script(COMMON, HAND_OVER),
        "ready.sh": script(COMMON, READY),
        "live.sh": script(COMMON, LIVE),
        "create.sh": script(COMMON, CREATE),
    };
}

/**
 * Slots that each shard of a new cluster gets: whole partitions, as `logcaster shards` counts them, so that no migration has
 * to mend the layout first.
 */
export function firstSlots(shards: number): readonly (readonly [number, number])[] {
    const nodes = Array.from({ length: shards }, (_, shard) => ({
        // The table is laid out in the order of names.
        name: String(shard).padStart(String(SLOT_COUNT).length, "0"),
        weight: 1,
    }));
    const table = initialTable({ nodes });
    const width = SLOT_COUNT / table.owners.length;
    return nodes.map(({ name }) => {
        const mine = partitionsOf(table, name);
        return [mine[0]! * width, (mine.at(-1)! + 1) * width - 1] as const;
    });
}

function variables(settings: ScriptSettings): string {
    const { port, shards, domain, dataFolder, configurationFolder, secretsFolder } = settings;
    const all: Record<string, string | number> = {
        PORT: port,
        DOMAIN: domain,
        DATA: dataFolder,
        CONFIGURATION: configurationFolder,
        PASSWORD_FILE: `${secretsFolder}/operator-password`,
        TLS: settings.authorityFile ? `--tls --cacert ${settings.authorityFile}` : "",
        PODS: shards.flat().join(" "),
        SHARDS: shards.map((pods) => pods.join(",")).join(" "),
        FIRST_SLOTS: firstSlots(shards.length)
            .map(([from, to]) => `${from}-${to}`)
            .join(" "),
        SLOT_COUNT,
        ANSWER_SECONDS: SCRIPTS.answerSeconds,
        PAUSE_SECONDS: SCRIPTS.pauseSeconds,
        HAND_OVER_SECONDS: SCRIPTS.handOverSeconds,
        CREATE_SECONDS: SCRIPTS.createSeconds,
    };
    return Object.entries(all)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join("");
}
