import type { Command } from "commander";
import { createLocalCluster, startLocalCluster, stopLocalCluster } from "../migrate/cluster-local";
import { print, runs, table } from "./output";
import { collect, wholeNumber } from "./values";

const DEFAULT_DIRECTORY = "./logcaster-cluster";

/** `logcaster cluster ...`: a cluster on this machine. */
export function addClusterCommand(program: Command): void {
    const cluster = program
        .command("cluster")
        .description("A Valkey or Redis cluster on this machine, done right");
    cluster
        .command("create")
        .description(
            "Start nodes with a directory, port and log each, join them, wait for agreement",
        )
        .option("--dir <dir>", "where the nodes live", DEFAULT_DIRECTORY)
        .option("--port <n>", "port of the first node", wholeNumber(1, 55_535), 7000)
        .option("--nodes <n>", "nodes in all", wholeNumber(1), 6)
        .option("--replicas <n>", "replicas of each primary", wholeNumber(0), 1)
        .option("--server <path>", "valkey-server or redis-server (else found on PATH)")
        .option("--password <text>", "requirepass and masterauth of every node")
        .option("--tls-cert <file>", "serve TLS only, with this certificate")
        .option("--tls-key <file>", "its key")
        .option("--tls-ca <file>", "the authority that signed it")
        .option("--max-memory <size>", "maxmemory of a node", "2gb")
        .option(
            "--max-memory-policy <policy>",
            "noeviction for stored data, allkeys-lru for a cache",
            "noeviction",
        )
        .option("--set <directive=value>", "another configuration directive (repeat)", collect)
        .option("--json", "print the partition table as JSON")
        .addHelpText("after", "\nExample:\n  logcaster cluster create --dir ./cluster --port 7000")
        .action(async (flags: CreateFlags) => {
            const { table: layout, urls } = await createLocalCluster({
                directory: flags.dir,
                firstPort: flags.port,
                nodes: flags.nodes,
                replicas: flags.replicas,
                server: flags.server,
                password: flags.password,
                tls: flags.tlsCert
                    ? { cert: flags.tlsCert, key: flags.tlsKey ?? "", ca: flags.tlsCa ?? "" }
                    : undefined,
                maxMemory: flags.maxMemory,
                maxMemoryPolicy: flags.maxMemoryPolicy,
                directives: flags.set ?? [],
            });
            if (flags.json) return print(JSON.stringify({ table: layout, urls }));
            const rows = layout.nodes.map((node) => [
                node.name,
                new URL(node.url!).host,
                (node.replicas ?? []).map((url) => new URL(url).host).join(" ") || "-",
                runs(layout.owners.flatMap(([owner], p) => (owner === node.name ? [p] : []))),
            ]);
            print(table([["shard", "primary", "replicas", "partitions"], ...rows]));
            print(`All nodes agree. Stop it with: logcaster cluster stop --dir ${flags.dir}`);
        });
    cluster
        .command("stop")
        .description("Stop every node cleanly; the data stays")
        .option("--dir <dir>", "where the nodes live", DEFAULT_DIRECTORY)
        .addHelpText("after", "\nExample:\n  logcaster cluster stop --dir ./cluster")
        .action(async (flags: { dir: string }) => {
            print(`${await stopLocalCluster(flags.dir)} nodes stopped.`);
        });
    cluster
        .command("start")
        .description("Start the nodes again and wait until they agree")
        .option("--dir <dir>", "where the nodes live", DEFAULT_DIRECTORY)
        .addHelpText("after", "\nExample:\n  logcaster cluster start --dir ./cluster")
        .action(async (flags: { dir: string }) => {
            print(`${await startLocalCluster(flags.dir)} nodes run and agree.`);
        });
}

interface CreateFlags {
    readonly dir: string;
    readonly port: number;
    readonly nodes: number;
    readonly replicas: number;
    readonly server?: string;
    readonly password?: string;
    readonly tlsCert?: string;
    readonly tlsKey?: string;
    readonly tlsCa?: string;
    readonly maxMemory: string;
    readonly maxMemoryPolicy: string;
    readonly set?: string[];
    readonly json?: boolean;
}
