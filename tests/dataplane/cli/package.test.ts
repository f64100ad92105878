import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const PACKAGE = path.resolve(__dirname, "../../../dataplane");

// What a user of the package gets: packed, unpacked outside the repository, with nothing beside it.
describe("the packed data plane, outside the repository", function () {
    this.timeout(120_000);
    let directory: string;
    const run = (...args: string[]) =>
        execFileSync(process.execPath, args, {
            cwd: directory,
            encoding: "utf8",
            env: { ...process.env, NODE_PATH: "" },
        });

    before(() => {
        const into = mkdtempSync(path.join(tmpdir(), "logcaster-dataplane-"));
        execFileSync("npm", ["pack", "--silent", "--pack-destination", into], {
            cwd: PACKAGE,
            stdio: ["ignore", "ignore", "pipe"],
        });
        const [tarball] = readdirSync(into);
        // Where Node finds it by its name, and nothing else by any.
        const home = path.join(into, "node_modules/logcaster-dataplane");
        execFileSync("mkdir", ["-p", home]);
        execFileSync("tar", [
            "-xzf",
            path.join(into, tarball!),
            "--strip-components=1",
            "-C",
            home,
        ]);
        directory = into;
    });
    after(() => rmSync(directory, { recursive: true, force: true }));

    it("is the logcaster command", () => {
        const command = "node_modules/logcaster-dataplane/cli/logcaster.cjs";
        for (const name of ["shards", "cluster", "config-server", "proxy-agent", "simulate"]) {
            assert.match(run(command, "--help"), new RegExp(`^  ${name} `, "m"));
        }
        const plan = JSON.parse(
            run(command, "shards", "plan", "--from", "3", "--to", "4", "--json"),
        ) as { moves: unknown[] };
        assert.equal(plan.moves.length, 32);
    });

    it("is a library with the router and the cache, the same objects by every name", () => {
        const names = ["", "/router", "/cache"].map((sub) => `"logcaster-dataplane${sub}"`);
        const code = `const [all, router, cache] = [${names.join(",")}].map(require);
            console.log(JSON.stringify([typeof router.Router.open, typeof router.metadataSource,
                typeof cache.TieredCache, typeof cache.httpLoader,
                all.Router === router.Router && all.TieredCache === cache.TieredCache]));`;
        const kinds = JSON.parse(run("-e", code)) as unknown;
        assert.deepEqual(kinds, ["function", "function", "function", "function", true]);
    });
});
