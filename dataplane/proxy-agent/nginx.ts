import { readFile, rename, writeFile } from "node:fs/promises";
import {
    type NginxBuild,
    type ProxyBackend,
    type ProxySpec,
    renderNginx,
} from "logcaster-model/proxy-config";
import type { AgentEvent } from "./agent";
import { Problems } from "./problems";
import type { BackendSource } from "./source";

export interface NginxAgentOptions {
    readonly source: BackendSource;
    /** Every listener gets the backends that are ready. */
    readonly spec: ProxySpec;
    readonly build: NginxBuild;
    /** What NGINX runs with; written whole or not at all. */
    readonly configFile: string;
    /** After another configuration has been written. */
    readonly reload: () => Promise<void>;
    readonly log: (event: AgentEvent) => void;
}

/**
 * Keeps NGINX's configuration as the fleet is. NGINX has no runtime socket: another list is a reload, at which the old workers
 * keep their connections for `drainSeconds` and then end them, so that long-lived ones are spread over the new list as well.
 * While discovery is away or answers nothing, the configuration stays.
 */
export class NginxAgent {
    private readonly problems: Problems;

    constructor(private readonly options: NginxAgentOptions) {
        this.problems = new Problems(options.log);
    }

    /** One look. Never throws. */
    async look(): Promise<void> {
        const { source, configFile, reload, log } = this.options;
        const backends = await this.problems.attempt("discovery", () => source.list());
        const ready = (backends ?? []).filter(({ state }) => state === "ready");
        const before = await readFile(configFile, "utf8").catch(() => undefined);
        // Without any configuration NGINX cannot even say that it is unwell: then an empty list is better than none.
        if (ready.length === 0 && before !== undefined) return;
        await this.problems.attempt("nginx", async () => {
            const config = this.render(ready);
            if (config === before) return;
            await writeFile(`${configFile}.new`, config);
            await rename(`${configFile}.new`, configFile);
            await reload();
            log({ event: "rendered", backends: ready.length });
        });
    }

    private render(ready: readonly ProxyBackend[]): string {
        const { spec, build } = this.options;
        const servers = ready
            .map(({ address, port }) => ({ name: `${address}-${port}`, host: address, port }))
            // The same fleet is the same file, in whatever order it is told.
            .sort((a, b) => (a.name < b.name ? -1 : 1));
        const listeners = spec.listeners.map((listener) => ({
            ...listener,
            backends: { from: "list", servers } as const,
        }));
        return renderNginx({ ...spec, listeners }, build);
    }
}
