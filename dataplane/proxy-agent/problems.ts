import type { AgentEvent } from "./agent";

/** Tries work whose failure is only said: once for each message, and once that it is over. */
export class Problems {
    private readonly known = new Map<string, string>();

    constructor(private readonly log: (event: AgentEvent) => void) {}

    async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
        try {
            const result = await work();
            if (this.known.delete(what)) this.log({ event: "well", what });
            return result;
        } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            if (this.known.get(what) !== message) {
                this.log({ event: "problem", what, message });
            }
            this.known.set(what, message);
            return undefined;
        }
    }
}
