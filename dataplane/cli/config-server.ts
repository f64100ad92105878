import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { startConfigServer } from "../config-server/server";
import { BadInput } from "../migrate/errors";
import { print } from "./output";
import { wholeNumber } from "./values";

interface Flags {
    readonly metadata: string;
    readonly host: string;
    readonly port: number;
    readonly tokenFile?: string;
    readonly cache?: string;
}

/** `logcaster config-server` */
export function addConfigServerCommand(program: Command): void {
    program
        .command("config-server")
        .description("Serve the partition table over HTTP: GET and PUT /api/shards")
        .addOption(
            new Option("--metadata <url>", "Valkey or Redis that keeps the table")
                .env("LOGCASTER_METADATA_URL")
                .makeOptionMandatory(),
        )
        .option("--host <address>", "listen on", "127.0.0.1")
        .option("--port <n>", "listen on (0: any)", wholeNumber(0, 65_535), 8080)
        .option("--token-file <file>", "bearer token (else LOGCASTER_CONFIG_TOKEN)")
        .option("--cache <file>", "keep the last good table here over restarts")
        .addHelpText(
            "after",
            "\nExample:\n  LOGCASTER_CONFIG_TOKEN=... logcaster config-server --metadata redis://meta:6379",
        )
        .action(async (flags: Flags) => {
            const token = flags.tokenFile
                ? (await readFile(flags.tokenFile, "utf8")).trim()
                : process.env.LOGCASTER_CONFIG_TOKEN;
            if (!token) {
                throw new BadInput(
                    "A token is needed, so that not everybody may move partitions: give --token-file " +
                        "or LOGCASTER_CONFIG_TOKEN.",
                );
            }
            const server = await startConfigServer({
                metadataUrl: flags.metadata,
                token,
                host: flags.host,
                port: flags.port,
                ...(flags.cache ? { cacheFile: flags.cache } : {}),
            });
            print(`listening on http://${flags.host}:${server.port}`);
            await new Promise<void>((resolve) => {
                process.once("SIGTERM", resolve).once("SIGINT", resolve);
            });
            await server.close();
        });
}
