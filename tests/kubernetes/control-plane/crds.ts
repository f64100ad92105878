/** CustomResourceDefinitions out of the Go modules that publish them; nothing is vendored. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { eventually, type KubernetesApi, type KubernetesObject } from "./api";

const run = promisify(execFile);

interface Source {
    /** Module and version; the checksum database vouches for its contents. */
    readonly module: string;
    readonly files: readonly string[];
}

/**
 * What our components use of others' kinds, VPA's and KEDA's in the version that KubernetesMetrics installs. KEDA's operator
 * takes too long to compile to run here.
 */
const SOURCES: readonly Source[] = [
    {
        module: "k8s.io/autoscaler/vertical-pod-autoscaler@v1.7.1",
        files: ["deploy/vpa-v1-crd-gen.yaml"],
    },
    {
        module: "github.com/kedacore/keda/v2@v2.20.2",
        files: ["scaledobjects", "triggerauthentications"].map(
            (kind) => `config/crd/bases/keda.sh_${kind}.yaml`,
        ),
    },
    {
        module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        files: ["podmonitors", "servicemonitors", "prometheusrules", "alertmanagerconfigs"].map(
            (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
        ),
    },
];

const string = { type: "string" };
const integer = { type: "integer" };
const list = (items: object) => ({ type: "array", items });
const object = (properties: Record<string, object>, required: string[] = []) => ({
    type: "object",
    properties,
    required,
});

/**
 * The AWS Load Balancer Controller's TargetGroupBinding: its module is not on the module proxy in a version that has the
 * kind. Written by its reference (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/),
 * closed, so that any other field is refused.
 */
const TARGET_GROUP_BINDING: KubernetesObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
        name: "targetgroupbindings.elbv2.k8s.aws",
        annotations: { "api-approved.kubernetes.io": "unapproved, for tests" },
    },
    spec: {
        group: "elbv2.k8s.aws",
        scope: "Namespaced",
        names: {
            kind: "TargetGroupBinding",
            listKind: "TargetGroupBindingList",
            plural: "targetgroupbindings",
            singular: "targetgroupbinding",
        },
        versions: [
            {
                name: "v1beta1",
                served: true,
                storage: true,
                schema: {
                    openAPIV3Schema: object({
                        spec: object(
                            {
                                targetGroupARN: string,
                                targetType: { ...string, enum: ["instance", "ip"] },
                                ipAddressType: { ...string, enum: ["ipv4", "ipv6"] },
                                vpcID: string,
                                serviceRef: object(
                                    { name: string, port: { "x-kubernetes-int-or-string": true } },
                                    ["name", "port"],
                                ),
                                networking: object({
                                    ingress: list(
                                        object(
                                            {
                                                from: list(
                                                    object({
                                                        ipBlock: object({ cidr: string }, ["cidr"]),
                                                        securityGroup: object({ groupID: string }, [
                                                            "groupID",
                                                        ]),
                                                    }),
                                                ),
                                                ports: list(
                                                    object({
                                                        port: {
                                                            "x-kubernetes-int-or-string": true,
                                                        },
                                                        protocol: {
                                                            ...string,
                                                            enum: ["TCP", "UDP"],
                                                        },
                                                    }),
                                                ),
                                            },
                                            ["from", "ports"],
                                        ),
                                    ),
                                }),
                            },
                            ["targetGroupARN", "serviceRef"],
                        ),
                        status: object({ observedGeneration: integer }),
                    }),
                },
            },
        ],
    },
};

interface Definition extends KubernetesObject {
    readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

/** Creates every definition and waits until its kind is served. */
export async function installDefinitions(api: KubernetesApi): Promise<void> {
    const definitions = [TARGET_GROUP_BINDING, ...(await Promise.all(SOURCES.map(read))).flat()];
    await Promise.all(definitions.map((definition) => api.apply(definition)));
    for (const definition of definitions) {
        await eventually(`${definition.metadata.name} is established`, async () =>
            (await api.read<Definition>(definition)).status?.conditions?.some(
                ({ type, status }) => type === "Established" && status === "True",
            ),
        );
    }
}

async function read({ module, files }: Source): Promise<KubernetesObject[]> {
    // Outside any module of ours: their own go.mod files cannot be required beside each other.
    const { stdout } = await run("go", ["mod", "download", "-json", module], { cwd: tmpdir() });
    const folder = (JSON.parse(stdout) as { Dir: string }).Dir;
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    return texts
        .flatMap((text) => parseAllDocuments(text).map((d) => d.toJS() as KubernetesObject | null))
        .filter(
            (object): object is KubernetesObject => object?.kind === "CustomResourceDefinition",
        );
}
