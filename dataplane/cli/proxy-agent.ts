import type { Command } from "commander";
import { print } from "./output";
import { wholeNumber } from "./values";

interface Flags {
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
        .description(
            "Keep HAProxy's server slots as an auto scaling group is, and connections spread",
        )
        .requiredOption("--group <name>", "auto scaling group of the backends")
        .requiredOption("--region <name>", "its region", process.env.AWS_REGION)
        .option(
            "--port <n>",
            "port of the line protocol on a backend",
            wholeNumber(1, 65_535),
            9999,
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
        .addHelpText(
            "after",
            "\nExample:\n  logcaster proxy-agent --group logcaster-prod-eu-west-1 --region eu-west-1",
        )
        .action(async (flags: Flags) => {
            // Loaded here: no other command needs the AWS clients.
            const { AutoScalingSource, HaproxyRuntime, ProxyAgent, run } =
                await import("../proxy-agent");
            const agent = new ProxyAgent({
                source: new AutoScalingSource(flags),
                runtime: new HaproxyRuntime(flags.socket, flags.backend, flags.idleTimeoutSeconds),
                stateFile: flags.stateFile,
                intervalSeconds: flags.intervalSeconds,
                rebalance: {
                    tolerancePercent: flags.tolerancePercent,
                    withinSeconds: flags.rebalanceSeconds,
                },
                quietSeconds: flags.quietSeconds,
                now: () => performance.now() / 1_000,
                log: (event) => print(JSON.stringify(event)),
            });
            const stop = new AbortController();
            const end = () => stop.abort();
            process.once("SIGTERM", end).once("SIGINT", end);
            await run(agent, flags.intervalSeconds, stop.signal);
        });
}
