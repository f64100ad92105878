// Mocha's spec reporter, then every skipped test with its reason, then one line for machines.
// A test skips itself with its reason in its own title's parentheses or by `skip(this, "reason")` (tests/skip.ts).
// eslint-disable-next-line @typescript-eslint/no-require-imports -- mocha loads a reporter as CommonJS
const { reporters, Runner } = require("mocha");

module.exports = class extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const skipped = [];
        runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test));
        runner.once(Runner.constants.EVENT_RUN_END, () => {
            for (const test of skipped) {
                const reason = test.skipReason ?? test.parent?.skipReason ?? "no reason given";
                console.log(`skipped: ${test.fullTitle()}: ${reason}`);
            }
            const { passes, failures } = runner.stats;
            console.log(`\n${passes} passed, ${failures} failed, ${skipped.length} skipped`);
        });
    }
};
