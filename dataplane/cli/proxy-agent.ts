import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { type NginxBuild, type ProxySpec, renderNginx } from "logcaster-model/proxy-config";
import { BadInput } from "../migrate/errors";
import {
    type AgentEvent,
    autoScalingSource,
    HaproxyRuntime,
    NginxAgent,
    ProxyAgent,
    run,
} from "../proxy-agent";
import { print } from "./output";
import { wholeNumber } from "./values";

interface Flags {
    readonly engine: "haproxy" | "nginx";
    readonly spec?: string;
    readonly config?: string;
    readonly pidFile?: string;
    readonly group: string;
    readonly region: string;
    readonly port: number;
    readonly backend: string;
    readonly socket: string;
    readonly stateFile: string;
    readonly intervalSeconds: number;
    readonly rebalanceSeconds: number;
    readonly tolerancePercent: number;
    readonly quietSeconds: number;
    readonly idleTimeoutSeconds: number;
}

const DAY_SECONDS = 86_400;

/** `logcaster proxy-agent` */
export function addProxyAgentCommand(program: Command): void {
    program
        .command("proxy-agent")
        .description("Keep a proxy's backends as an auto scaling group is, and connections spread")
        .requiredOption("--group <name>", "auto scaling group of the backends")
        .requiredOption("--region <name>", "its region", process.env.AWS_REGION)
        .option(
            "--port <n>",
            "port of the line protocol on a backend",
            wholeNumber(1, 65_535),
            9999,
        )
        .addOption(
            new Option("--engine <name>", "what the proxy runs")
                .choices(["haproxy", "nginx"])
                .default("haproxy"),
        )
        .option("--backend <name>", "HAProxy's backend with the slots", "line")
        .option("--socket <path>", "HAProxy's runtime socket", "/run/logcaster-proxy/admin.sock")
        .option(
            "--state-file <path>",
            "HAProxy's server-state-file, for its next start",
            "/run/logcaster-proxy/servers.state",
        )
        .option("--interval-seconds <n>", "time between two looks", wholeNumber(1, DAY_SECONDS), 5)
        .option(
            "--rebalance-seconds <n>",
            "time in which connections are spread over new backends",
            wholeNumber(1, DAY_SECONDS),
            300,
        )
        .option(
            "--tolerance-percent <n>",
            "connections above a backend's fair share that are left alone",
            wholeNumber(1, 1_000),
            10,
        )
        .option(
            "--quiet-seconds <n>",
            "connections without a line for so long are ended while their backend drains",
            wholeNumber(1, DAY_SECONDS),
            10,
        )
        .option(
            "--idle-timeout-seconds <n>",
            "HAProxy's own idle timeout of these connections",
            wholeNumber(1, DAY_SECONDS),
            3600,
        )
        .option("--spec <file>", "NGINX: what to render, JSON")
        .option("--config <file>", "NGINX: where to")
        .option(
            "--pid-file <file>",
            "NGINX: whom to tell by SIGHUP (else something watches --config)",
        )
        .addHelpText(
            "after",
            "\nExample:\n  logcaster proxy-agent --group logcaster-prod-eu-west-1 --region eu-west-1",
        )
        .action(async (flags: Flags) => {
            const source = await autoScalingSource(flags);
            const log = (event: AgentEvent) => print(JSON.stringify(event));
            const agent =
                flags.engine === "nginx"
                    ? new NginxAgent({ ...(await nginxOptions(flags)), source, log })
                    : new ProxyAgent({
                          source,
                          runtime: new HaproxyRuntime(
                              flags.socket,
                              flags.backend,
                              flags.idleTimeoutSeconds,
                          ),
                          stateFile: flags.stateFile,
                          intervalSeconds: flags.intervalSeconds,
                          rebalance: {
                              tolerancePercent: flags.tolerancePercent,
                              withinSeconds: flags.rebalanceSeconds,
                          },
                          quietSeconds: flags.quietSeconds,
                          now: () => performance.now() / 1_000,
                          log,
                      });
            const stop = new AbortController();
            const end = () => stop.abort();
            process.once("SIGTERM", end).once("SIGINT", end);
            await run(agent, flags.intervalSeconds, stop.signal);
        });
}

/** NGINX's part of the flags. Throws BadInput for a specification that cannot be rendered. */
async function nginxOptions({ spec: file, config, pidFile }: Flags) {
    if (file === undefined || config === undefined) {
        throw new BadInput(
            "--engine nginx needs --spec and --config: what to render, and where to.",
        );
    }
    const { spec, build } = await readSpec(file);
    const reload = async () => {
        if (pidFile) process.kill(Number(await readFile(pidFile, "utf8")), "SIGHUP");
    };
    return { spec, build, configFile: config, reload };
}

async function readSpec(file: string): Promise<{ spec: ProxySpec; build: NginxBuild }> {
    try {
        const read = JSON.parse(await readFile(file, "utf8")) as {
            spec: ProxySpec;
            build: NginxBuild;
        };
        renderNginx(read.spec, read.build);
        return read;
    } catch (error) {
        throw new BadInput(
            `${file} has to be JSON, {"spec": ..., "build": ...}, that NGINX can be rendered from: ${(error as Error).message}`,
        );
    }
}
