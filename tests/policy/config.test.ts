import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as internals from "@pulumi/policy/protoutil";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { LIMITS } from "logcaster-model/limits";
import {
    checkPolicyNames,
    configurePolicies,
    type PolicyConfigFile,
} from "logcaster-preview/policy-config";
import type { Exception } from "../../policy/exceptions";
import { POLICIES } from "../../policy/policies";

const FOLDER = path.join(__dirname, "../../policy/config");
const DAY = /^\d{4}-\d{2}-\d{2}$/;

type Entry = string | Readonly<Record<string, unknown>>;
type Config = Readonly<Record<string, Entry>>;

/** What the pack tells an engine about itself; the SDK has no public name for it. */
const info = (
    internals as unknown as {
        makeAnalyzerInfo(name: string, version: string, level: string, args: object): AnalyzerInfo;
    }
).makeAnalyzerInfo("logcaster-scaling", "0.0.0", "mandatory", { policies: POLICIES });

/** Reads a configuration as the preview does. @throws with everything that is wrong with it */
async function accept(config: Config): Promise<void> {
    const file = { file: "", policies: config as PolicyConfigFile["policies"] };
    checkPolicyNames(file, new Set(POLICIES.map(({ name }) => name)));
    await configurePolicies(info, file);
}

describe("a stack's policy configuration", () => {
    const files = fs.readdirSync(FOLDER);

    it("is there for dev, prod and eks", () => {
        assert.deepEqual(files.sort(), ["dev.json", "eks.json", "prod.json"]);
    });

    for (const file of files) {
        const config = JSON.parse(fs.readFileSync(path.join(FOLDER, file), "utf8")) as Config;

        it(`${file} names policies of the pack, with settings that their schemas take`, () => {
            return accept(config);
        });

        it(`${file} ends every exception on a day of the calendar`, () => {
            for (const entry of Object.values(config)) {
                const exceptions = typeof entry === "string" ? [] : entry["exceptions"];
                for (const { until } of (exceptions ?? []) as readonly Exception[]) {
                    assert.match(until, DAY);
                    assert.equal(new Date(until).toISOString().slice(0, until.length), until);
                }
            }
        });

        it(`${file} keeps the limits of capacity mandatory, no wider than the checklist's 20`, () => {
            const limits = config["logcaster-capacity-stay-inside-limits"] as Record<
                string,
                unknown
            >;
            assert.equal(limits["enforcementLevel"], "mandatory");
            assert.ok(Number(limits["max"]) <= LIMITS["scaling.max"].value);
        });
    }

    it("is refused with a wrong name, a wrong type, an unknown setting, a wrong level, no reason", async () => {
        const limits = "logcaster-capacity-stay-inside-limits";
        const refused: [Config, RegExp][] = [
            [{ "logcaster-capacity": "mandatory" }, /logcaster-capacity is the name of no policy/],
            [{ [limits]: { max: "20" } }, /max is "20", but must be integer/],
            [
                { [limits]: { maximum: 20 } },
                /has no setting maximum; its settings are exceptions, max, min/,
            ],
            [{ [limits]: "strict" }, /enforcementLevel is "strict"/],
            [{ [limits]: { exceptions: [{ urn: "*", until: "2027-01-01" }] } }, /'reason'/],
            [
                { [limits]: { exceptions: [{ urn: "*", reason: "x", until: "tomorrow" }] } },
                /until is "tomorrow"/,
            ],
        ];
        for (const [config, says] of refused) await assert.rejects(accept(config), says);
    });
});
