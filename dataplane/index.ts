/** What a service uses: the router and the cache. The `logcaster` command is beside it. */
export * from "./cache";
export * from "./router";
