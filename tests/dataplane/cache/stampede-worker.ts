/** One of the processes of the stampede test: on "go" it asks 1,000 times for one key that nobody has. */
import { createClient } from "redis";
import { setTimeout as sleep } from "node:timers/promises";
import { TieredCache, json } from "../../../dataplane/cache";

async function main(url: string): Promise<void> {
    const client = createClient({ url });
    await client.connect();
    const cache = new TieredCache<string>({ url, codec: json<string>(), l2TimeoutMs: 30_000 });
    while (!cache.hears) await sleep(5);
    const loader = async () => {
        await client.incr("loads");
        await sleep(100);
        return { value: "the value" };
    };
    process.on("message", () => {
        void Promise.all(Array.from({ length: 1000 }, () => cache.getOrLoad("hot", loader))).then(
            (values) => process.send!(values),
        );
    });
    process.send!("ready");
}

void main(process.argv[2]!);
