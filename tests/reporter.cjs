// Mocha's spec reporter: every failure as it happens, then every skipped test with its reason, the failed tests'
// names once more, and one line for machines, which is the last.
// A test skips itself with its reason in its own title's parentheses or by `skip(this, "reason")` (tests/skip.ts).
// eslint-disable-next-line @typescript-eslint/no-require-imports -- mocha loads a reporter as CommonJS
const { reporters, Runner } = require("mocha");

module.exports = class extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const skipped = [];
        const failed = [];
        runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test));
        // A run that is cut short must not take the reason of a failure with it.
        runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
            failed.push(test);
            console.log(`\nfailed: ${test.fullTitle()}\n${error?.stack ?? error}\n`);
        });
        runner.once(Runner.constants.EVENT_RUN_END, () => {
            for (const test of skipped) {
                const reason = test.skipReason ?? test.parent?.skipReason ?? "no reason given";
                console.log(`skipped: ${test.fullTitle()}: ${reason}`);
            }
            for (const test of failed) console.log(`failed: ${test.fullTitle()}`);
            const { passes, failures } = runner.stats;
            console.log(`\n${passes} passed, ${failures} failed, ${skipped.length} skipped`);
        });
    }
};
