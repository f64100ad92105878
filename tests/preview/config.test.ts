import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "logcaster-preview";
import { loadStackConfig, parsePath } from "logcaster-preview/config";
import { loadProject } from "logcaster-preview/project";
import { UNKNOWN } from "logcaster-preview/values";

describe("a stack's configuration", () => {
    let directory: string;
    beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "config-"))));
    afterEach(() => rmSync(directory, { recursive: true }));

    function write(name: string, text: string): void {
        mkdirSync(join(directory, name, ".."), { recursive: true });
        writeFileSync(join(directory, name), text);
    }

    function load(stackYaml: string | undefined, settings: string[] = [], project = "") {
        write("Pulumi.yaml", `name: app\nruntime: nodejs\n${project}`);
        if (stackYaml !== undefined) write("Pulumi.dev.yaml", stackYaml);
        return loadStackConfig(loadProject(directory), "dev", settings);
    }

    it("reaches the program as texts, objects as JSON, keys with the project's namespace", () => {
        const { values } = load(
            "config:\n  app:n: 3\n  app:on: true\n  bare: x\n  aws:region: eu-west-1\n  app:list: [1, a]\n",
        );
        assert.deepEqual(values, {
            "app:n": "3",
            "app:on": "true",
            "app:bare": "x",
            "aws:region": "eu-west-1",
            "app:list": '[1,"a"]',
        });
    });

    it("takes encrypted values as unknown secrets, without a passphrase", () => {
        const { values, secretKeys } = load(
            "encryptionsalt: v1:a:b\nconfig:\n  app:pw: {secure: AAAB}\n  app:db: {user: u, pw: {secure: AAAB}}\n",
        );
        assert.deepEqual(values, {
            "app:pw": UNKNOWN,
            "app:db": `{"user":"u","pw":"${UNKNOWN}"}`,
        });
        assert.deepEqual(secretKeys, ["app:pw", "app:db"]);
    });

    it("lets -c address inside an object, booleans and whole numbers typed, the rest text", () => {
        const { values } = load("config:\n  app:o: {max: 20, keep: true, l: [1, 2]}\n", [
            "app:o.max=80",
            "app:o.on=false",
            "app:o.zero=007",
            "app:o.ratio=0.5",
            "app:o.l[1]=9",
            "app:o.l[2]=new",
            'app:o["dotted.key"].x=1',
            "app:fresh.a[0].b=c",
        ]);
        assert.deepEqual(JSON.parse(values["app:o"]!), {
            max: 80,
            keep: true,
            l: [1, 9, "new"],
            on: false,
            zero: "007",
            ratio: "0.5",
            "dotted.key": { x: 1 },
        });
        assert.equal(values["app:fresh"], '{"a":[{"b":"c"}]}');
    });

    it("keeps a value set at the top as text and gives a bare key the project's namespace", () => {
        assert.deepEqual(load("config: {}\n", ["n=5", "aws:region=eu-west-1"]).values, {
            "app:n": "5",
            "aws:region": "eu-west-1",
        });
    });

    for (const [setting, message] of [
        [
            "noequals",
            "-c noequals: write it as ns:path=value, for example -c aws:region=eu-west-1.",
        ],
        ["app:s.x=1", "-c app:s.x: app:s is not an object, so it has no x."],
        [
            "app:l[5]=1",
            "-c app:l[5]: index 5 is beyond the end of app:l, which has 1 items; the next free index is 1.",
        ],
        ["app:l.x=1", "-c app:l.x: app:l is not an object, so it has no x."],
        ["app:o[0]=1", "-c app:o[0]: app:o is not a list."],
        ["app:a..b=1", '-c a..b: not a property path; write it as ns:key.name[0]["other name"].'],
        ["app:[0]=1", "-c app:[0]=1: a configuration path starts with a key's name."],
    ] as const) {
        it(`refuses -c ${setting}`, () => {
            assert.throws(
                () => load("config:\n  app:s: text\n  app:l: [1]\n  app:o: {a: 1}\n", [setting]),
                new InputError(message),
            );
        });
    }

    it("starts from the project's values and defaults, which the stack overrides", () => {
        const project =
            "config:\n  a: 1\n  b: {type: integer, default: 2}\n  c: {type: integer, default: 3}\n  aws:region: {value: eu-west-1}\n";
        assert.deepEqual(load("config: {app:c: 30}\n", [], project).values, {
            "app:a": "1",
            "app:b": "2",
            "app:c": "30",
            "aws:region": "eu-west-1",
        });
    });

    it("reports every missing and every mistyped value at once", () => {
        const project =
            "config:\n  n: {type: integer}\n  pin: {type: integer, secret: true}\n  on: {type: boolean}\n  l: {type: array, items: {type: number}}\n  owner: {type: string}\n";
        assert.throws(
            () =>
                load(
                    "config: {app:n: many, app:pin: s3cret, app:on: 1, app:l: [1, x]}\n",
                    [],
                    project,
                ),
            new InputError(
                [
                    'Stack dev: configuration app:n is "many" but must be of type integer, as Pulumi.yaml declares.',
                    "Stack dev: configuration app:pin must be of type integer, as Pulumi.yaml declares.",
                    "Stack dev: configuration app:on is 1 but must be of type boolean, as Pulumi.yaml declares.",
                    'Stack dev: configuration app:l is [1,"x"] but must be of type array<number>, as Pulumi.yaml declares.',
                    "Stack dev is missing configuration value app:owner (type string).",
                ].join("\n"),
            ),
        );
    });

    it("refuses a stack without a file when other stacks have one, and accepts any name when none has", () => {
        write("Pulumi.prod.yaml", "config: {}\n");
        assert.throws(
            () => load(undefined),
            new InputError(
                `Unknown stack dev: there is no Pulumi.dev.yaml in ${directory}; give --stack one of prod.`,
            ),
        );
        rmSync(join(directory, "Pulumi.prod.yaml"));
        assert.deepEqual(load(undefined).values, {});
    });

    it("reads stack files from stackConfigDir and stack names with an organization", () => {
        write("Pulumi.yaml", "name: app\nruntime: nodejs\nstackConfigDir: stacks\n");
        write("stacks/Pulumi.dev.yaml", "config: {app:a: b}\n");
        const { values } = loadStackConfig(loadProject(directory), "acme/app/dev", []);
        assert.deepEqual(values, { "app:a": "b" });
    });

    it("names the file that is not YAML, or holds no mapping", () => {
        assert.throws(() => load("config: [\n"), /Pulumi\.dev\.yaml cannot be read: /);
        assert.throws(() => load("just text"), /Pulumi\.dev\.yaml must hold a mapping/);
    });

    it("says that environments of Pulumi ESC are missing", () => {
        assert.deepEqual(load("environment: [prod]\n").warnings, [
            `${directory}/Pulumi.dev.yaml imports an environment of Pulumi ESC, which needs an account: its values are missing here.`,
        ]);
    });

    it("splits property paths as the CLI does", () => {
        assert.deepEqual(parsePath('a.b[0]["c.\\"d"].e-f'), ["a", "b", 0, 'c."d', "e-f"]);
        assert.deepEqual(parsePath('["first"].x'), ["first", "x"]);
    });
});
