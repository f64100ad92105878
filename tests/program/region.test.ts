import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type PlannedState, previewPlan } from "logcaster-preview";

const ROOT = resolve(__dirname, "../..");
const REGION = "logcaster-scaling:index:Region";

/** What AWS takes in us-east-1 alone, by logical name; the only resources outside a Region that have a region. */
const ONLY_IN_US_EAST_1: Readonly<Record<string, string>> = {
    "dns-dnssec-key":
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html",
    "dns-dnssec-key-policy": "of dns-dnssec-key",
    "dns-queries": "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html",
    "dns-queries-key": "of dns-queries",
    "dns-queries-key-policy": "of dns-queries",
    "edge-acl":
        "https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
    "edge-logs":
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
};

/** What spans regions, by logical name; a resource of it says in its own name which region it is in. */
const SPANNING = ["database", "recovery", "shared"];
/** Made through the writer's region, and of none. */
const GLOBAL = ["database-global", "shared-global"];

/** The dashboard of all regions: dashboards have none, the provider asks for one to go through. */
const OVERVIEW = "overview-dashboard";

/** Whether resources of a type are regional: their class in the provider's SDK then takes a region. */
function isRegional(type: string): boolean {
    const [, file = ""] = /^aws:([\w/]+):/.exec(type) ?? [];
    if (!file) return false;
    const source = readFileSync(join(ROOT, "node_modules/@pulumi/aws", `${file}.js`), "utf8");
    return source.includes('resourceInputs["region"] = args');
}

// Golden plans show each value; what is walked here is that no resource falls back to the provider's region.
describe("every regional resource of the prod plan", function () {
    this.timeout(0);
    const states = new Map<string, PlannedState>();
    let configured: string[];

    before(async () => {
        const { plan, diagnostics } = await previewPlan({ cwd: ROOT, stack: "prod" });
        assert.deepEqual(diagnostics, []);
        for (const { newState } of plan.steps) states.set(newState.urn, newState);
        const { config } = parse(readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8"));
        configured = Object.keys(config["logcaster:regions"]);
    });

    /** Logical name of the Region that a resource is in. */
    const regionOf = (state: PlannedState): string | undefined => {
        if (state.type === REGION) return state.urn.split("::").pop();
        const parent = state.parent && states.get(state.parent);
        return parent ? regionOf(parent) : undefined;
    };
    const nameOf = ({ urn }: PlannedState) => urn.split("::").pop() ?? "";
    /** What a resource spans regions with, and the region in its name. */
    const spanning = (state: PlannedState) => {
        const name = nameOf(state);
        const whole = SPANNING.find((each) => name.startsWith(`${each}-`));
        if (whole === undefined) return undefined;
        const region = configured.find((each) => name.startsWith(`${whole}-${each}`));
        return { region: GLOBAL.includes(name) ? configured[0] : region };
    };

    it("has a region, the one of the Region it is in", () => {
        const wrong: string[] = [];
        let walked = 0;
        for (const state of states.values()) {
            if (!isRegional(state.type) || nameOf(state) in ONLY_IN_US_EAST_1) continue;
            if (nameOf(state) === OVERVIEW) continue;
            walked++;
            const { region } = state.inputs;
            const wanted = spanning(state)?.region ?? regionOf(state);
            if (region === undefined || region !== wanted) {
                wrong.push(`${state.urn} is in ${JSON.stringify(region)}`);
            }
        }
        assert.deepEqual(wrong, []);
        assert.ok(walked > configured.length);
    });

    it("is the same in every region, but for zones and what is set for one", () => {
        const kinds = (region: string) => {
            const counts = new Map<string, number>();
            for (const state of states.values()) {
                if (regionOf(state) !== region) continue;
                counts.set(state.type, (counts.get(state.type) ?? 0) + 1);
            }
            return counts;
        };
        assert.deepEqual(
            [...states.values()]
                .filter(({ type }) => type === REGION)
                .map(nameOf)
                .sort(),
            [...configured].sort(),
        );
        const [first = "", ...others] = configured;
        for (const other of others) assert.deepEqual(kinds(other), kinds(first));
    });

    it("outside a Region is what us-east-1 alone takes, and is there", () => {
        const outside = [...states.values()].filter(
            (state) =>
                isRegional(state.type) &&
                regionOf(state) === undefined &&
                spanning(state) === undefined &&
                nameOf(state) !== OVERVIEW,
        );
        assert.deepEqual(
            [...new Set(outside.map(nameOf))].sort(),
            Object.keys(ONLY_IN_US_EAST_1).sort(),
        );
        assert.deepEqual([...new Set(outside.map(({ inputs }) => inputs.region))], ["us-east-1"]);
    });

    it("is found through the stack's outputs, by region and behind one name", () => {
        const stack = [...states.values()].find(({ type }) => type === "pulumi:pulumi:Stack");
        const { host, httpHost, partitions, scalingBounds, endpoints, redisEndpoints } =
            stack?.outputs ?? {};
        assert.deepEqual(
            { host, httpHost, partitions, scalingBounds },
            {
                host: "logs.example.com",
                httpHost: "http.logs.example.com",
                partitions: {
                    partitions: 128,
                    slotsPerPartition: 128,
                    mapFrom: "CLUSTER SHARDS at the configuration endpoint",
                },
                scalingBounds: {
                    "us-east-1": { min: 3, max: 20, desired: 5 },
                    "eu-west-1": { min: 3, max: 20, desired: 3 },
                    "ap-northeast-1": { min: 3, max: 20, desired: 4 },
                },
            },
        );
        // Their values are known after an update.
        for (const [output, keys] of [
            [endpoints, ["line", "http"]],
            [redisEndpoints, ["store", "cache"]],
        ] as const) {
            const byRegion = output as unknown as Record<string, Record<string, unknown>>;
            assert.deepEqual(Object.keys(byRegion).sort(), [...configured].sort());
            for (const names of Object.values(byRegion)) {
                assert.deepEqual(Object.keys(names).sort(), [...keys].sort());
            }
        }
    });

    it("goes through the one provider, whose tags name environment, project and tool", () => {
        const providers = [...states.values()].filter(
            ({ type }) => type === "pulumi:providers:aws",
        );
        assert.deepEqual(
            providers.map(({ inputs }) => JSON.parse(String(inputs.defaultTags))),
            [{ tags: { environment: "prod", project: "logcaster", "managed-by": "pulumi" } }],
        );
        for (const state of states.values()) {
            if (!state.type.startsWith("aws:")) continue;
            assert.match(state.provider ?? "", /::pulumi:providers:aws::aws::/, state.urn);
        }
    });
});

describe("the program", () => {
    it("holds no number and names no environment", () => {
        const text = readFileSync(join(ROOT, "index.ts"), "utf8").replaceAll(
            /\/\*\*.*?\*\/|\/\/.*/g,
            "",
        );
        assert.doesNotMatch(text, /[^\w]\d/);
        assert.doesNotMatch(text, /"(dev|prod|eks)"/);
    });
});
