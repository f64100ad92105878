import { MiniEngine } from "./mini/engine";
import { summary } from "./deployment";
(async () => {
    const e = new MiniEngine("/work/main", "dev");
    let r = await e.up();
    console.log("up", r.failed, r.changes.length, r.failed ? r.said.slice(0, 3000) : "");
    r = await e.up();
    console.log("again", r.failed, summary(r.changes));
    for (const [k, v] of [
        ["logcaster:redis.store.credentialGeneration", "2"],
        ["logcaster:redis.store.shards", "2"],
        ["logcaster:redis.cache.eviction", "allkeys-lru"],
        ["logcaster:redis.store.eviction", "volatile-ttl"],
        ["logcaster:redis.store.nodeType", "cache.r7g.large"],
    ]) {
        await e.configure(k!, v!);
        r = await e.up();
        console.log(k, r.failed, r.failed ? r.said.slice(0, 2000) : "", summary(r.changes));
    }
    r = await e.destroy();
    console.log("destroy", r.failed, r.changes.length, r.failed ? r.said.slice(0, 1500) : "");
    await e.dispose();
})();
