import assert from "node:assert/strict";
import * as path from "node:path";
import { previewPlan } from "logcaster-preview";
import { loadProject, stacksOf } from "logcaster-preview/project";
import { AWS_TYPES } from "./aws/table";
import { KUBERNETES_KINDS } from "./kubernetes/table";
import { RANDOM_TYPES } from "./random/model";

const REPOSITORY = path.resolve(__dirname, "../..");
const PREVIEW_TIMEOUT_MS = 600_000;

function known(type: string): boolean {
    return (
        type in AWS_TYPES ||
        RANDOM_TYPES.includes(type) ||
        (type.startsWith("kubernetes:") && (type.split(":").at(-1) ?? "") in KUBERNETES_KINDS)
    );
}

describe("the tables of the stand-ins", function () {
    this.timeout(PREVIEW_TIMEOUT_MS);
    for (const stack of stacksOf(loadProject(REPOSITORY))) {
        it(`know every type that the ${stack} stack makes`, async () => {
            const { exitCode, plan, text } = await previewPlan({ cwd: REPOSITORY, stack });
            assert.equal(exitCode, 0, text);
            const types = plan.steps
                .map(({ newState }) => newState)
                .filter((state) => state?.custom && !state.type.startsWith("pulumi:"))
                .map((state) => state?.type ?? "");
            assert.ok(types.length > 0);
            assert.deepEqual(
                [...new Set(types)].filter((type) => !known(type)),
                [],
            );
        });
    }
});
