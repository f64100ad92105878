import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { changes, describe as described, markReplacing } from "./diff";
import { formatPath, parsePath, setAt } from "./paths";
import { secret } from "./wire";
import { World } from "./world";
import { worldCommand } from "./world-command";

const thing = {
    urn: "urn:pulumi:dev::logcaster::aws:autoscaling/group:Group::fleet",
    type: "aws:autoscaling/group:Group",
    id: "fleet-1234567",
    state: { desiredCapacity: 5, tags: [{ key: "a", value: "b" }], password: secret("hunter2") },
};

describe("the world behind the stand-ins", () => {
    let directory: string;
    let world: World;
    let said: string;
    const run = (...args: string[]) => {
        said = "";
        return worldCommand(args, (text) => (said += text), { STANDIN_DIR: directory });
    };
    beforeEach(() => {
        directory = fs.mkdtempSync(path.join(os.tmpdir(), "standin-"));
        world = new World(directory);
        world.create(thing, "us-east-1 fleet");
    });
    afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

    it("is changed by one command, by a whole URN or by its last part", () => {
        assert.equal(run("set", thing.urn, "desiredCapacity=9", 'tags[0].value="c"'), 0);
        assert.equal(run("set", "fleet", "minSize=4"), 0);
        assert.deepEqual(world.find(thing.urn).state, {
            ...thing.state,
            desiredCapacity: 9,
            minSize: 4,
            tags: [{ key: "a", value: "c" }],
        });
        assert.equal(run("set", "fleet", "minSize="), 0);
        assert.equal(world.read("fleet", "minSize"), undefined);
        assert.deepEqual(
            world.events().map((event) => event.op),
            ["create", "set", "set", "set", "set"],
        );
    });

    it("keeps a secret secret when it is changed, and masks it when it is shown", () => {
        assert.equal(run("set", "fleet", 'password="other"'), 0);
        assert.deepEqual(world.find("fleet").state.password, secret("other"));
        assert.equal(run("get", "fleet"), 0);
        assert.ok(said.includes('"password": "[secret]"') && !said.includes("other"), said);
        assert.equal(run("get", "fleet", "password"), 0);
        assert.equal(said, '"[secret]"\n');
    });

    it("refuses a short name that several have, and names them", () => {
        const twin = { ...thing, urn: thing.urn.replace("Group::", "Other::"), id: "other" };
        world.create(twin, undefined);
        assert.equal(run("set", "fleet", "minSize=1"), 2);
        assert.match(
            said,
            /2 resources match: urn:pulumi:dev.*Group::fleet, urn:pulumi:dev.*Other::fleet/,
        );
        assert.equal(run("set", twin.urn, "minSize=1"), 0);
    });

    it("lists and removes", () => {
        assert.equal(run("list"), 0);
        assert.equal(said, `${thing.urn}\t${thing.id}\n`);
        assert.equal(run("list", "nothing of the kind"), 0);
        assert.equal(said, "");
        assert.equal(run("delete", "fleet"), 0);
        assert.deepEqual(world.all(), []);
        world.create(thing, "us-east-1 fleet");
    });

    it("ends with 2 and one sentence for each mistake", () => {
        const mistakes: [string[], RegExp][] = [
            [["set", "fleet"], /^set needs path=JSON, such as minSize=5\.\n$/],
            [["set", "fleet", "minSize"], /^minSize is not path=JSON/],
            [["set", "fleet", "name=abc"], /give JSON after "=", with quotes round a text\.\n$/],
            [
                ["set", "nobody", "minSize=1"],
                /^nobody cannot be changed: there is no such resource/,
            ],
            [["set"], /^set needs a URN/],
            [["paint", "fleet"], /^paint is no command; they are list, get, set and delete\.\n$/],
        ];
        for (const [args, expected] of mistakes) {
            assert.equal(run(...args), 2, args.join(" "));
            assert.match(said, expected);
        }
        assert.equal(
            worldCommand(["list"], (text) => (said = text), {}),
            2,
        );
        assert.match(said, /^STANDIN_DIR is not set/);
    });

    it("is readable by its owner only, since a cloud knows its secrets", () => {
        for (const name of fs.readdirSync(path.join(directory, "things"))) {
            assert.equal(fs.statSync(path.join(directory, "things", name)).mode & 0o077, 0);
        }
        assert.equal(fs.statSync(path.join(directory, "things")).mode & 0o077, 0);
    });
});

describe("property paths and diffs", () => {
    it("reads and writes Pulumi's spelling", () => {
        for (const text of ["a", "a.b[0].c", 'tags["a.b"].c', 'tags["managed-by"]', "a[10][2]"]) {
            assert.equal(formatPath(parsePath(text)), text);
        }
        assert.deepEqual(parsePath("a[*].b"), ["a", "*", "b"]);
        for (const bad of ["", "a[", "a[x]"]) assert.throws(() => parsePath(bad));
        assert.deepEqual(setAt({}, parsePath("a.b"), 1), { a: { b: 1 } });
        assert.throws(() => setAt({ a: [] }, parsePath("a[3]"), 1), /outside a list of 0/);
    });

    it("names each difference once, at its own depth", () => {
        const before = { a: 1, b: { c: [1, 2], d: secret("x") }, gone: true, __defaults: ["a"] };
        const after = { a: 1, b: { c: [1, 3, 4], d: "x" }, made: null, __defaults: [] };
        const found = changes(before, after);
        assert.deepEqual(described(found), {
            "b.c[1]": "update",
            "b.c[2]": "add",
            gone: "delete",
        });
        assert.deepEqual(described(markReplacing(found, ["b.c[*]", "missing"])), {
            "b.c[1]": "update-replace",
            "b.c[2]": "add-replace",
            gone: "delete",
        });
        assert.deepEqual(described(changes(before, after, ["b.c[1]", "gone"])), {
            "b.c[2]": "add",
        });
        // A whole that is taken away takes the part with it that forces a replacement.
        const lost = markReplacing(changes({ a: { b: 1 } }, {}), ["a.b"]);
        assert.deepEqual(described(lost), { a: "delete-replace" });
    });
});
