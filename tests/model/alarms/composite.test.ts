import assert from "node:assert/strict";
import { replayComposites, type Transition } from "logcaster-model/alarms";

const cause = { alarmName: "cause", alarmRule: 'ALARM("a")' };
const effect = {
    alarmName: "effect",
    alarmRule: 'ALARM("b") OR ALARM("c")',
    actionsSuppressor: { alarm: "cause", waitPeriod: 120, extensionPeriod: 180 },
};
const during = (from?: number, until?: number): Transition[] => [
    { timeSeconds: 0, state: "OK" },
    ...(from === undefined ? [] : [{ timeSeconds: from, state: "ALARM" as const }]),
    ...(until === undefined ? [] : [{ timeSeconds: until, state: "OK" as const }]),
];
const actions = (a: Transition[], b: Transition[], c = during()) => {
    const histories = replayComposites([cause, effect], { a, b, c });
    return [histories["cause"]?.actions, histories["effect"]?.actions];
};

describe("composite alarms", () => {
    it("act once while one child after another alarms", () => {
        const { effect: history } = replayComposites([cause, effect], {
            a: during(),
            b: during(600, 1200),
            c: during(900, 1800),
        });
        assert.deepEqual(history?.states, [
            { timeSeconds: 0, state: "OK" },
            { timeSeconds: 600, state: "ALARM" },
            { timeSeconds: 1800, state: "OK" },
        ]);
        assert.deepEqual(history?.actions, [720]);
    });

    it("keep quiet while their cause lasts, whether it showed before or within the wait", () => {
        assert.deepEqual(actions(during(300), during(600)), [[300], []]);
        assert.deepEqual(actions(during(700), during(600)), [[700], []]);
    });

    it("act when the cause shows too late, or is over and they are not", () => {
        assert.deepEqual(actions(during(721), during(600)), [[721], [720]]);
        assert.deepEqual(actions(during(300, 900), during(600)), [[300], [1080]]);
        assert.deepEqual(actions(during(300, 900), during(600, 1000)), [[300], []]);
    });

    it("do not act when they are over within the wait", () => {
        assert.deepEqual(actions(during(), during(600, 660)), [[], []]);
    });

    it("name alarms that are there", () => {
        assert.throws(() => replayComposites([cause], {}), /ALARM\("a"\) is the state of no alarm/);
        assert.throws(() => replayComposites([effect], { b: [], c: [] }), /no such suppressor/);
    });
});
