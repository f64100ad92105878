import * as path from "node:path";
import { MiniEngine } from "./mini/engine";
import { lifeOf, PLANS } from "./scenarios";

const REPOSITORY = path.resolve(__dirname, "../..");

describe("on the small engine of these tests, without the Pulumi CLI", () => {
    for (const plan of PLANS) {
        lifeOf(plan, () => Promise.resolve(new MiniEngine(REPOSITORY, plan.stack)));
    }
});
