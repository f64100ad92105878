import type { Command } from "commander";
import { reshardElastiCache } from "../migrate/elasticache";
import { BadInput } from "../migrate/errors";
import { MIGRATE_DEFAULTS } from "../migrate/options";
import { Session } from "../migrate/session";
import { eventSink, print } from "./output";
import { wholeNumber } from "./values";

const POLL_MS = 15_000;
const TIMEOUT_MS = 6 * 60 * 60 * 1_000;

interface Flags {
    readonly metadata: string;
    readonly journal: string;
    readonly json?: boolean;
    readonly elasticache?: string;
    readonly to?: number;
    readonly region?: string;
    readonly endpointUrl?: string;
    readonly configEndpoint?: string;
    readonly pollMs?: number;
    readonly timeoutMs?: number;
    readonly leaseMs?: number;
}

/** Flags of `shards migrate` for ElastiCache, which blocks the commands the other places need. */
export function addElastiCacheOptions(command: Command): Command {
    return command
        .option("--elasticache <group>", "ElastiCache: the replication group to reshard")
        .option("--to <n>", "ElastiCache: shards wanted", wholeNumber(1))
        .option(
            "--config-endpoint <url>",
            "ElastiCache: redis(s):// URL of the configuration endpoint",
        )
        .option("--region <region>", "ElastiCache: AWS region (else the AWS environment's)")
        .option("--endpoint-url <url>", "ElastiCache: another API endpoint")
        .option("--poll-ms <n>", `ElastiCache: ask so often (${POLL_MS})`, wholeNumber(1))
        .option("--timeout-ms <n>", `ElastiCache: follow so long (${TIMEOUT_MS})`, wholeNumber(1));
}

/** `shards migrate --elasticache GROUP --to N --config-endpoint URL` */
export async function migrateElastiCache(flags: Flags): Promise<void> {
    if (flags.to === undefined || flags.configEndpoint === undefined) {
        throw new BadInput(
            "Resharding ElastiCache needs --to N (the service places the slots, only the count is " +
                "yours) and --config-endpoint URL (to check the slots afterwards).",
        );
    }
    const { ElastiCacheClient } = await import("@aws-sdk/client-elasticache");
    const client = new ElastiCacheClient({
        ...(flags.region ? { region: flags.region } : {}),
        ...(flags.endpointUrl ? { endpoint: flags.endpointUrl } : {}),
    });
    const sink = eventSink(flags.json ?? false);
    const session = new Session({ metadataUrl: flags.metadata, journalDirectory: flags.journal });
    try {
        const goal = {
            replicationGroup: flags.elasticache!,
            shards: flags.to,
            endpointUrl: flags.configEndpoint,
            pollMs: flags.pollMs ?? POLL_MS,
            timeoutMs: flags.timeoutMs ?? TIMEOUT_MS,
            leaseMs: flags.leaseMs ?? MIGRATE_DEFAULTS.leaseMs,
        };
        await reshardElastiCache(client, session.journal, goal, sink.emit);
        sink.end();
        const outcome = "done";
        print(
            flags.json ? JSON.stringify({ event: "finished", outcome }) : `Migration ${outcome}.`,
        );
    } finally {
        sink.end();
        session.close();
        client.destroy();
    }
}
