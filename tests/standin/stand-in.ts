/** A stand-in for AWS in a process of its own, with a world and an engine, for the tests of one file. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Plugin } from "./client";
import { listener } from "./listener";
import type { JsonObject } from "./wire";
import { World } from "./world";

export const urn = (type: string, name: string) =>
    `urn:pulumi:dev::logcaster::pkg:index:Fleet$${type}::${name}`;
export const GROUP = "aws:autoscaling/group:Group";
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const REDIS = "aws:elasticache/replicationGroup:ReplicationGroup";
export const CONFIGURATION = {
    region: "us-east-1",
    defaultTags: JSON.stringify({ tags: { project: "logcaster" } }),
};
export const SEED = new Uint8Array(32).fill(7);

/** Starts one before the tests of a suite and stops it after them. */
export function startStandIn(): StandIn {
    const standIn = new StandIn();
    before(() => standIn.start());
    after(() => standIn.stop());
    return standIn;
}

class StandIn {
    directory!: string;
    world!: World;
    engine!: Awaited<ReturnType<typeof listener>>;
    aws!: Plugin;

    async start(): Promise<void> {
        this.directory = fs.mkdtempSync(path.join(os.tmpdir(), "standin-"));
        this.world = new World(this.directory);
        this.engine = await listener();
        this.aws = await Plugin.start({
            name: "aws",
            world: this.directory,
            engine: this.engine.address,
            configuration: CONFIGURATION,
        });
    }

    async stop(): Promise<void> {
        await this.aws?.stop();
        this.engine?.stop();
        fs.rmSync(this.directory, { recursive: true, force: true });
    }

    /** Check, preview, create: what the engine does with a new resource. */
    async make(type: string, name: string, inputs: JsonObject) {
        const where = urn(type, name);
        const checked = await this.aws.check(where, {}, inputs, { seed: SEED });
        assert.deepEqual(checked.failures, []);
        const { id, outputs } = await this.aws.create(where, checked.inputs);
        return { urn: where, id, inputs: checked.inputs, outputs };
    }
}
