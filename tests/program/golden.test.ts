import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { previewPlan, type PlannedState } from "logcaster-preview";
import { stringify } from "yaml";
import { ROOT } from "./stack-files";

const GOLDEN = join(__dirname, "golden");
/** Longer texts (user data, policies) have tests of their own; a plan is reviewed as text a person can read. */
const LONGEST_TEXT = 200;

/** `UPDATE_GOLDEN=1 npx mocha tests/program/golden.test.ts` writes the golden plans anew, to be reviewed in the diff. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

/** The stack whose inputs are golden too: what is in a region is in every stack's. */
const IN_FULL = "dev";

/** The stacks of this repository. */
const STACKS = readdirSync(ROOT).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);

function short(value: unknown): unknown {
    if (typeof value === "string" && value.length > LONGEST_TEXT) {
        return `(${value.length} characters)`;
    }
    if (Array.isArray(value)) return value.map(short);
    if (value !== null && typeof value === "object") {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, short(inner)]));
    }
    return value;
}

/** Each resource by type and name; of the smaller stack also what the program gave it. */
function textOf(states: readonly PlannedState[], inFull: boolean): string {
    return states
        .filter(({ type }) => type !== "pulumi:pulumi:Stack")
        .map(({ urn, custom, inputs, protect }) => {
            const [, , types, name] = urn.split("::");
            const flags = protect ? " (protected)" : "";
            const body =
                custom && inFull
                    ? stringify(short(inputs), { lineWidth: 0, sortMapEntries: true })
                    : "";
            return `# ${types?.split("$").pop()} ${name}${flags}\n${body}`;
        })
        .join(inFull ? "\n" : "");
}

describe("the golden plan", function () {
    this.timeout(0);

    for (const stack of STACKS) {
        it(`of ${stack} is the plan; UPDATE_GOLDEN=1 writes it anew`, async () => {
            const { plan, diagnostics } = await previewPlan({ cwd: ROOT, stack });
            assert.deepEqual(diagnostics, []);
            const text = textOf(
                plan.steps.map(({ newState }) => newState),
                stack === IN_FULL,
            );
            const file = join(GOLDEN, `${stack}.yaml`);
            if (UPDATE) {
                mkdirSync(GOLDEN, { recursive: true });
                writeFileSync(file, text);
            }
            assert.ok(existsSync(file), `${file} is missing`);
            assert.equal(text, readFileSync(file, "utf8"));
        });
    }

    it("of prod holds what the brief asks for", async () => {
        const { plan } = await previewPlan({ cwd: ROOT, stack: "prod" });
        const of = (type: string) =>
            plan.steps.map(({ newState }) => newState).filter((state) => state.type === type);
        const fleets = of("aws:autoscaling/group:Group").filter(
            ({ urn }) => !urn.includes("proxy"),
        );
        assert.deepEqual(
            fleets.map(({ inputs }) => [
                inputs["region"],
                inputs["desiredCapacity"],
                inputs["minSize"],
                inputs["maxSize"],
            ]),
            [
                ["ap-northeast-1", 4, 3, 20],
                ["eu-west-1", 3, 3, 20],
                ["us-east-1", 5, 3, 20],
            ],
        );
        const line = of("aws:lb/listener:Listener").filter(({ inputs }) => inputs["port"] === 9999);
        assert.deepEqual(
            line.map(({ inputs }) => inputs["protocol"]),
            ["TCP", "TCP", "TCP"],
        );
        const stores = of("aws:elasticache/replicationGroup:ReplicationGroup").filter(({ urn }) =>
            urn.endsWith("-store"),
        );
        assert.deepEqual(
            stores.map(({ inputs }) => [inputs["numNodeGroups"], inputs["replicasPerNodeGroup"]]),
            [
                [4, 2],
                [4, 2],
                [4, 2],
            ],
        );
        const areas = of("aws:route53/record:Record").flatMap(
            ({ inputs }) => (inputs["geolocationRoutingPolicies"] as { country?: string }[]) ?? [],
        );
        assert.ok(areas.some(({ country }) => country === "*"));
    });
});
