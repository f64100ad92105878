import { Plugin, type PluginOptions } from "../../standin/client";
import type { JsonObject } from "../../standin/wire";

type ProviderName = PluginOptions["name"];
const NAMES: readonly string[] = ["aws", "kubernetes", "random"];

/** The provider processes of one engine: one for each provider resource, as the real engine has them. */
export class Plugins {
    readonly #started = new Map<string, Promise<Plugin>>();

    constructor(
        private readonly world: string,
        private readonly engine: () => string,
    ) {}

    /**
     * The plugin of a provider resource, configured once.
     * @throws Error for a package without a stand-in.
     */
    get(urn: string, name: string, configuration: JsonObject): Promise<Plugin> {
        if (!NAMES.includes(name))
            throw new Error(`There is no stand-in for the ${name} provider.`);
        let plugin = this.#started.get(urn);
        if (!plugin) {
            plugin = Plugin.start({
                name: name as ProviderName,
                world: this.world,
                engine: this.engine(),
                configuration,
            });
            this.#started.set(urn, plugin);
        }
        return plugin;
    }

    async stop(): Promise<void> {
        const plugins = await Promise.allSettled(this.#started.values());
        this.#started.clear();
        for (const plugin of plugins) {
            if (plugin.status === "fulfilled") await plugin.value.stop();
        }
    }
}
