import { Command } from "commander";
import { addClusterCommand } from "./cluster";
import { addConfigServerCommand } from "./config-server";
import { drillCommand } from "./drill";
import { addProxyAgentCommand } from "./proxy-agent";
import { runCommand } from "./run";
import { addShardsCommand } from "./shards";
import { simulateCommand } from "./simulate";

const program = new Command("logcaster")
    .description("What runs beside LogCaster: partitions, live migration, configuration")
    .showHelpAfterError("(--help lists what is allowed)")
    .configureHelp({ sortSubcommands: false });
addShardsCommand(program);
addClusterCommand(program);
addConfigServerCommand(program);
addProxyAgentCommand(program);
program.addCommand(simulateCommand());
program.addCommand(drillCommand());
void runCommand(program, process.argv);
