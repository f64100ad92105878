import * as assert from "node:assert/strict";
import { fleet, NAME, NODE_ARGS, NODE_MODE, SCALING } from "./fixture";

const GROUP = "aws:autoscaling/group:Group";

describe("A fleet in node mode", () => {
    it("has nothing that changes its size or waits for a drain agent", async () => {
        const recording = await fleet(NODE_ARGS);
        for (const type of ["Policy", "Schedule", "LifecycleHook", "MetricAlarm"]) {
            const found = recording.resources.filter((r) => r.type.endsWith(`:${type}`));
            assert.deepEqual(found, [], type);
        }
    });

    it("checks the health of machines alone and leaves zones to the nodes' autoscaler", async () => {
        const { inputs, opts } = (await fleet(NODE_ARGS)).one(GROUP);
        assert.equal(inputs.healthCheckType, "EC2");
        assert.deepEqual(inputs.suspendedProcesses, ["AZRebalance"]);
        assert.deepEqual(inputs.targetGroupArns, []);
        assert.deepEqual(opts.ignoreChanges, ["desiredCapacity"]);
    });

    it("is found by the autoscaler, which knows a node's labels and taints while there is none", async () => {
        const nodeMode = {
            ...NODE_MODE,
            autoscalerTags: {
                "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": "80Gi",
            },
        };
        const { inputs } = (await fleet({ ...NODE_ARGS, nodeMode })).one(GROUP);
        const tags = Object.fromEntries(
            (inputs.tags as { key: string; value: string }[]).map(({ key, value }) => [key, value]),
        );
        assert.deepEqual(tags, {
            team: "ingest",
            Name: NAME,
            "logcaster:component": "fleet",
            "kubernetes.io/cluster/logcaster": "owned",
            "k8s.io/cluster-autoscaler/enabled": "true",
            "k8s.io/cluster-autoscaler/logcaster": "owned",
            "k8s.io/cluster-autoscaler/node-template/label/pool": "ingest",
            "k8s.io/cluster-autoscaler/node-template/taint/dedicated": "ingest:NoSchedule",
            "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": "80Gi",
        });
    });

    it("may shrink to no node at all", async () => {
        const scaling = { ...NODE_ARGS.scaling, min: 0 };
        const { inputs } = (await fleet({ ...NODE_ARGS, scaling, desired: 0 })).one(GROUP);
        assert.deepEqual([inputs.minSize, inputs.desiredCapacity], [0, 0]);
        assert.equal(SCALING.min, 3);
    });

    it("may be in one zone and of one node, as a group of a zone is", async () => {
        const scaling = { ...NODE_ARGS.scaling, min: 0, max: 1 };
        const { inputs } = (
            await fleet({
                ...NODE_ARGS,
                scaling,
                desired: 0,
                zones: NODE_ARGS.zones.slice(0, 1),
                subnetIds: ["subnet-a"],
            })
        ).one(GROUP);
        assert.deepEqual([inputs.vpcZoneIdentifiers, inputs.maxSize], [["subnet-a"], 1]);
    });

    it("boots a node of its cluster, in the cluster's security group too", async () => {
        const { inputs } = (await fleet(NODE_ARGS)).one("aws:ec2/launchTemplate:LaunchTemplate");
        const text = Buffer.from(String(inputs.userData), "base64").toString();
        assert.match(text, /^MIME-Version: 1\.0\n/);
        assert.match(text, /"name": "logcaster"/);
        assert.match(text, /--register-with-taints=dedicated=ingest:NoSchedule/);
        assert.deepEqual(
            (inputs.networkInterfaces as { securityGroups: string[] }[])[0]?.securityGroups,
            [`${NAME}-sg-id`, "sg-cluster"],
        );
    });
});
