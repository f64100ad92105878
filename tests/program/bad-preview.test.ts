import assert from "node:assert/strict";
import { previewPlan } from "logcaster-preview";
import { BAD_SETTINGS, type BadSettings } from "./bad-settings";
import { setAt, settingsOf, withProject } from "./stack-files";

/** Previews at a time. */
const AT_ONCE = 2;

/** What the preview of a stack with one mistake says, or how it went wrong. */
async function outcome(row: BadSettings): Promise<string[]> {
    const { stack = "prod", set, path, also = [] } = row;
    const says = row.preview ?? row.says;
    const settings = settingsOf(stack);
    for (const [at, value] of Object.entries(set)) setAt(settings, at, value);
    const { exitCode, diagnostics, plan } = await withProject(settings, (cwd) =>
        previewPlan({ cwd, stack: "prod" }),
    );
    const lines = diagnostics.flatMap(({ message }) => message.split("\n"));
    const wrong: string[] = [];
    if (exitCode !== 2) wrong.push(`exit code ${exitCode}`);
    if (diagnostics.length !== 1) wrong.push(`${diagnostics.length} messages`);
    if (lines.length !== 1 + also.length) wrong.push(`${lines.length} lines`);
    if (!lines.some((line) => line.includes(path) && line.includes(says))) {
        wrong.push(`no line names ${path} and says ${says}: ${lines.join(" / ")}`);
    }
    // The stack itself is registered before the program reads its settings.
    const planned = plan.steps.filter(({ newState }) => newState.type !== "pulumi:pulumi:Stack");
    if (planned.length > 0) wrong.push(`${planned.length} resources were planned`);
    return wrong;
}

describe("a preview", function () {
    this.timeout(0);

    it(`ends each of ${BAD_SETTINGS.length} mistakes with exit code 2, one message and nothing planned`, async () => {
        const rows = [...BAD_SETTINGS];
        const wrong: string[] = [];
        const worker = async () => {
            for (let row = rows.pop(); row; row = rows.pop()) {
                const { mistake } = row;
                wrong.push(...(await outcome(row)).map((what) => `${mistake}: ${what}`));
            }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
        assert.deepEqual(wrong, []);
    });
});
