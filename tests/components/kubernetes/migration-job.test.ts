import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { MigrationJob, type MigrationJobArgs } from "logcaster-scaling/kubernetes";
import { migrationJobProblems } from "logcaster-scaling/kubernetes/migration-job/validate";
import { parse } from "yaml";
import { record } from "../recorder";

const MANIFEST = path.resolve(__dirname, "../../../dataplane/migrate/migration-job.yaml");
const ARGS: MigrationJobArgs = {
    namespace: "production",
    image: "registry.example/logcaster-dataplane@sha256:0",
    metadataSecretName: "logcaster-metadata",
};
const create = (args: Partial<MigrationJobArgs> = {}) =>
    record(() => new MigrationJob("migration", { ...ARGS, ...args }));

interface JobSpec {
    readonly completions: number;
    readonly parallelism: number;
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
}
interface Container {
    readonly image: string;
    readonly args: readonly string[];
    readonly resources: object;
}

describe("MigrationJob", () => {
    it("is one Indexed Job, its own child", async () => {
        const recording = await create();
        const component = recording.one("logcaster-scaling:index:MigrationJob");
        const children = recording.resources.filter((resource) => resource !== component);
        assert.deepEqual(
            children.map(({ type, parent }) => [type, parent]),
            [["kubernetes:batch/v1:Job", component.urn]],
        );
    });

    it("is by default what the manifest says, in the namespace and with the image given", async () => {
        const { inputs } = (await create()).one("kubernetes:batch/v1:Job");
        const manifest = parse(readFileSync(MANIFEST, "utf8")) as Record<string, object>;
        const wanted = structuredClone(manifest) as unknown as {
            metadata: object;
            spec: JobSpec & { template: { spec: { containers: { image: string }[] } } };
        };
        wanted.metadata = {
            ...wanted.metadata,
            namespace: "production",
            annotations: { "pulumi.com/skipAwait": "true" },
        };
        wanted.spec.template.spec.containers[0]!.image = ARGS.image;
        assert.deepEqual(inputs.metadata, wanted.metadata);
        assert.deepEqual(inputs.spec, wanted.spec);
    });

    it("gives each worker its share of what is allowed", async () => {
        const recording = await create({
            workers: 5,
            maxKeysPerSecond: 2_000,
            maxBytesPerSecond: 1_000_000,
            memoryMebibytes: 300,
        });
        const spec = recording.one("kubernetes:batch/v1:Job").inputs.spec as JobSpec;
        const [container] = spec.template.spec.containers;
        assert.deepEqual([spec.completions, spec.parallelism], [5, 5]);
        assert.deepEqual(container!.args, [
            ...["logcaster", "shards", "resume", "--json", "--journal", "/journal"],
            ...["--max-keys-per-second", "2000", "--max-bytes-per-second", "1000000"],
        ]);
        assert.deepEqual(container!.resources, {
            requests: { cpu: "500m", memory: "300Mi" },
            limits: { memory: "300Mi" },
        });
    });

    it("names every mistake at once", () => {
        const problems = migrationJobProblems({
            ...ARGS,
            jobName: "Logs_",
            image: "",
            workers: 0,
            memoryMebibytes: 100,
        });
        assert.deepEqual(
            problems.map(({ path: at, value, allowed }) => [at, value, allowed]),
            [
                [
                    "jobName",
                    "Logs_",
                    "small letters, digits and hyphens, 60 at most, a letter first: a pod's name adds its index",
                ],
                ["image", "", "an image by digest or tag"],
                ["workers", 0, "a whole number from 1 to 64"],
                ["memoryMebibytes", 100, "a whole number from 256 to 65536"],
            ],
        );
        assert.deepEqual(migrationJobProblems(ARGS), []);
    });
});
