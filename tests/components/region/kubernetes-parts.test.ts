import * as assert from "node:assert/strict";
import { kubernetesSchema } from "logcaster-model/settings/kubernetes";
import type { RegionArgs, RegionKubernetesArgs } from "logcaster-scaling/region";
import { dnsAddress } from "logcaster-scaling/region/kubernetes-parts";
import type { Recording } from "../recorder";
import { recordRegion } from "./fixture";

const IMAGE = `registry.example.com/image@sha256:${"0".repeat(64)}`;
const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";

const create = (changes: object, others: Partial<RegionArgs> = {}) =>
    recordRegion({
        kubernetes: kubernetesSchema.parse({
            adminRoleArns: ["arn:aws:iam::111122223333:role/deployer"],
            healthAgentImage: IMAGE,
            nodeGroups: { service: { tier: "medium", minPerZone: 1, maxPerZone: 6 } },
            ...changes,
        }) as RegionKubernetesArgs,
        desired: undefined,
        ...others,
    });

/** Which Services are bound to which target groups. */
const bindings = (recording: Recording<unknown>) =>
    recording
        .of(BINDING)
        .map(({ inputs }) => inputs.spec as { targetGroupARN: string; serviceRef: object })
        .map(({ targetGroupARN, serviceRef }) => [targetGroupARN.split("/").at(-1), serviceRef])
        .sort();

describe("Region on Kubernetes with proxies", () => {
    it("has them, and not the pods, behind the network load balancer", async () => {
        const proxied = await create({ proxy: { image: IMAGE } });
        assert.deepEqual(bindings(proxied), [
            ["eu-west-1-http", { name: "logcaster", port: 80 }],
            ["eu-west-1-tcp", { name: "logcaster-proxy", port: 9999 }],
        ]);
        assert.deepEqual(bindings(await create({})), [
            ["eu-west-1-http", { name: "logcaster", port: 80 }],
            ["eu-west-1-tcp", { name: "logcaster", port: 9999 }],
        ]);
    });

    it("lets them find the workload's pods by the cluster's own name server", async () => {
        const recording = await create({ proxy: { image: IMAGE }, serviceCidr: "172.30.0.0/16" });
        const { data } = recording.one(
            "kubernetes:core/v1:ConfigMap",
            "eu-west-1-proxy-configuration",
        ).inputs as { data: Record<string, string> };
        const app = recording.one("logcaster-scaling:index:KubernetesWorkload");
        const { srvName } = app.registeredOutputs as { srvName: string };
        assert.match(data["haproxy.cfg"]!, /nameserver dns1 tcp@172\.30\.0\.10:53/);
        const template = data["haproxy.cfg"]!.split("\n").find((l) => /server-template/.test(l));
        assert.deepEqual(template!.trim().split(" ").slice(0, 4), [
            "server-template",
            "line",
            "1-100",
            srvName,
        ]);
    });

    it("finds the name server at the tenth address of the services' block", () => {
        assert.equal(dnsAddress("172.20.0.0/16"), "172.20.0.10");
        assert.equal(dnsAddress("10.100.3.64/26"), "10.100.3.74");
        assert.throws(() => dnsAddress("services"), /services is no block/);
    });
});

describe("Region on Kubernetes with a Valkey cluster", () => {
    it("makes it in a namespace of its own, which the service's may reach", async () => {
        const recording = await create({
            valkey: { image: IMAGE, tlsSecretName: "valkey-tls", shards: 4, copies: 2 },
        });
        const sets = recording.of("kubernetes:apps/v1:StatefulSet");
        assert.deepEqual(
            sets.map(({ inputs }) => [
                (inputs.metadata as { namespace: string }).namespace,
                (inputs.spec as { replicas: number }).replicas,
            ]),
            new Array<[string, number]>(4).fill(["valkey", 2]),
        );
        const { spec } = recording.one(
            "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            "eu-west-1-valkey-network",
        ).inputs as { spec: { ingress: { from: object[] }[] } };
        assert.deepEqual(spec.ingress[0]!.from, [
            { podSelector: {} },
            {
                namespaceSelector: {
                    matchLabels: { "kubernetes.io/metadata.name": "production" },
                },
            },
        ]);
    });

    it("is not there without its settings", async () => {
        const { resources } = await create({});
        assert.deepEqual(
            resources.filter(({ type }) => /ValkeyCluster|KubernetesProxy/.test(type)),
            [],
        );
    });
});
