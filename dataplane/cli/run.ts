import { type Command, CommanderError } from "commander";
import { PartitionError } from "logcaster-model/partitions";
import { BadInput } from "../migrate/errors";
import { ConnectionLost, ConnectionRefused } from "../router";

/** Done; failed while working; what was given cannot be used. */
export const EXIT = { done: 0, failed: 1, badInput: 2 } as const;

/** Runs a command line: one sentence on stderr for a user's mistake, never a stack trace. */
export async function runCommand(program: Command, argv: readonly string[]): Promise<void> {
    for (const command of everyCommand(program)) command.exitOverride();
    try {
        await program.parseAsync([...argv]);
    } catch (error) {
        process.exitCode = report(error);
    }
}

function report(error: unknown): number {
    if (error instanceof CommanderError) {
        // Commander has printed it; help and version are no mistakes.
        return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
    }
    const isMistake =
        error instanceof BadInput ||
        error instanceof PartitionError ||
        error instanceof ConnectionRefused;
    const message = error instanceof Error ? error.message : String(error);
    const next = error instanceof ConnectionLost ? " Is it running, and is its URL right?" : "";
    process.stderr.write(`logcaster: ${message}${next}\n`);
    if (process.env.LOGCASTER_DEBUG && error instanceof Error) {
        process.stderr.write(`${error.stack}\n`);
    }
    return isMistake ? EXIT.badInput : EXIT.failed;
}

function everyCommand(command: Command): Command[] {
    return [command, ...command.commands.flatMap(everyCommand)];
}
