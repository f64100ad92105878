import assert from "node:assert/strict";
import * as path from "node:path";
import { World } from "../../standin/world";
import { MiniEngine } from "./engine";

const REPOSITORY = path.resolve(__dirname, "../../..");
const SUITE_TIMEOUT_MS = 900_000;

describe("the small engine", function () {
    this.timeout(SUITE_TIMEOUT_MS);

    it("keeps its state through an update that failed, so that the next one changes nothing", async () => {
        const engine = new MiniEngine(REPOSITORY, "dev");
        try {
            const first = await engine.up();
            assert.equal(first.failed, false, first.said);
            const world = new World(engine.world);
            const events = world.events().length;
            await engine.configure("logcaster:scaling.max", "80");
            assert.equal((await engine.up()).failed, true);
            await engine.configure("logcaster:scaling.max", "6");
            const again = await engine.up();
            assert.equal(again.failed, false, again.said);
            assert.deepEqual([again.changes, world.events().slice(events)], [[], []]);
            assert.equal((await engine.destroy()).failed, false);
            assert.deepEqual(world.all(), []);
        } finally {
            await engine.dispose();
        }
    });
});
