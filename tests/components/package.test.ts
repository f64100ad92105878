import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import * as components from "logcaster-scaling/index";

const ROOT = resolve(__dirname, "../..");
const NAME = "logcaster-scaling";

/** A class that extends ComponentResource, and the token it gives itself. */
function declared(): { className: string; token: string }[] {
    const files = readdirSync(join(ROOT, "components"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.startsWith("bin"))
        .map((file) => readFileSync(join(ROOT, "components", file), "utf8"));
    return files.flatMap((text) =>
        [...text.matchAll(/^export class (\w+) extends pulumi\.ComponentResource/gm)].map(
            ([, className = ""]) => ({
                className,
                token: /super\(\s*"([^"]+)"/.exec(text)?.[1] ?? "",
            }),
        ),
    );
}

// What a user of the package gets: packed, unpacked outside the repository, with the Pulumi SDKs and nothing else installed.
describe("the component package", function () {
    this.timeout(0);
    let directory: string;
    let unpacked: string;

    before(() => {
        directory = mkdtempSync(join(tmpdir(), "logcaster-package-"));
        execFileSync("npm", ["pack", "--silent", "--pack-destination", directory], {
            cwd: join(ROOT, "components"),
            stdio: ["ignore", "ignore", "pipe"],
        });
        const [tarball = ""] = readdirSync(directory);
        execFileSync("tar", ["-xzf", tarball], { cwd: directory });
        unpacked = join(directory, "package");
        mkdirSync(join(unpacked, "node_modules"));
        symlinkSync(join(ROOT, "node_modules/@pulumi"), join(unpacked, "node_modules/@pulumi"));
    });
    after(() => rmSync(directory, { recursive: true, force: true }));

    it("exports every component class there is", () => {
        const code = `console.log(JSON.stringify(require("@pulumi/pulumi/provider/experimental/provider")
            .getPulumiComponents(require(".")).map((c) => c.name).sort()))`;
        const printed = execFileSync(process.execPath, ["-e", code], { cwd: unpacked });
        assert.deepEqual(
            JSON.parse(String(printed)),
            declared()
                .map(({ className }) => className)
                .sort(),
        );
    });

    it("boots as a plugin, whose schema has the tokens that the classes register", async () => {
        const plugin = spawn(
            process.execPath,
            [
                join(unpacked, "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js"),
                ...["--pwd", unpacked, unpacked, "127.0.0.1:1"],
            ],
            { stdio: ["ignore", "pipe", "inherit"] },
        );
        try {
            const [port] = (await once(plugin.stdout, "data")) as [Buffer];
            const client = new ResourceProviderClient(
                `127.0.0.1:${String(port).trim()}`,
                grpc.credentials.createInsecure(),
                { "grpc.max_receive_message_length": -1 },
            );
            const response = await new Promise<pb.GetSchemaResponse>((done, fail) =>
                client.getSchema(new pb.GetSchemaRequest(), (error, answer) =>
                    error ? fail(error) : done(answer),
                ),
            );
            client.close();
            const schema = JSON.parse(response.getSchema()) as PackageSpec;
            assert.equal(schema.name, NAME);
            assert.deepEqual(
                Object.keys(schema.resources).sort(),
                declared()
                    .map(({ token }) => token)
                    .sort(),
            );
            // An import that the package lacks would not fail, but turn a type into "any".
            assert.ok(!response.getSchema().includes("pulumi.json#/Any"));
        } finally {
            plugin.kill();
        }
    });

    it("declares its types without the rooms it was bundled from", () => {
        const types = join(unpacked, "bin/types/components");
        const reached = new Set<string>();
        const visit = (file: string) => {
            if (reached.has(file)) return;
            reached.add(file);
            const text = readFileSync(file, "utf8");
            for (const [, from = ""] of text.matchAll(/from "([^"]+)"/g)) {
                assert.ok(/^(\.|@pulumi\/)/.test(from), `${file} imports ${from}`);
                if (!from.startsWith(".")) continue;
                const target = join(file, "..", from);
                visit(
                    readdirSync(join(target, "..")).includes(`${target.split("/").pop()}.d.ts`)
                        ? `${target}.d.ts`
                        : join(target, "index.d.ts"),
                );
            }
        };
        visit(join(types, "index.d.ts"));
        assert.ok(reached.size > declared().length);
    });
});

describe("component classes in this repository", () => {
    it("are the same as the package's sources say", () => {
        const exported = getPulumiComponents(components);
        assert.deepEqual(
            exported.map((component) => component.name).sort(),
            declared()
                .map(({ className }) => className)
                .sort(),
        );
        assert.ok(exported.every((c) => c.prototype instanceof pulumi.ComponentResource));
    });
});
