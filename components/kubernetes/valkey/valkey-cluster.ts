import * as apps from "@pulumi/kubernetes/apps/v1";
import * as batch from "@pulumi/kubernetes/batch/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../problems";
import { closeNetwork, createBudget, createPodMonitor, createServices } from "./access";
import type { ValkeyClusterArgs } from "./args";
import { digest, renderConfiguration } from "./configuration";
import { JOB_RETRIES, PORT, SERVER } from "./defaults";
import { FOLDERS, nodesService, podNames, shardName } from "./names";
import { creatorPod, type Mounted, serverPod } from "./pod";
import { renderScripts } from "./scripts";
import { createUsers } from "./users";
import { choose, type ValkeyChoice, valkeyProblems } from "./validate";

const BYTES_A_MEBIBYTE = 1024 * 1024;
const LABEL = "app.kubernetes.io/name";
const SHARD_LABEL = "logcaster/shard";
/** Of a name: enough to tell one state of the cluster from another. */
const DIGEST_CHARACTERS = 8;

/**
 * A Valkey cluster of one's own on Kubernetes, for those who do not use ElastiCache: a StatefulSet a shard, whose copies lie in
 * different zones, with volumes, an append-only file, TLS and users; a pod that leaves hands over first, one that comes back is
 * found at its new address. `logcaster shards migrate` moves slots onto it.
 *
 * **Cost**: its pods and volumes: nine pods of half a vCPU and 2 GiB fill two and a quarter m7i.large (2 vCPU, 8 GiB) at
 * 0.1008 USD an hour (us-east-1), 0.23 USD; nine volumes of 20 GiB gp3 at 0.08 USD a GiB and month, 0.02 USD an hour.
 * **Limits**: 16,384 slots, so partitions of 128 slots: 128 shards; memory of a node first.
 */
export class ValkeyCluster extends pulumi.ComponentResource {
    /** DNS name to begin at, in the Kubernetes cluster. */
    readonly host: pulumi.Output<string>;
    /** TCP port, TLS only. */
    readonly port: pulumi.Output<number>;
    /** DNS domain of the pods; the certificate names `*.` and it. */
    readonly nodesDomain: pulumi.Output<string>;
    /** Name of the Secret with username and password of the service. */
    readonly serviceSecretName: pulumi.Output<string>;
    /** Name of the Secret with username and password for `logcaster shards`. */
    readonly migratorSecretName: pulumi.Output<string>;
    /** `{"username", "password"}` of the service's user; a secret. */
    readonly serviceLogin: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: ValkeyClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:ValkeyCluster", name, {}, opts);
        refuse(this, name, valkeyProblems(args));
        const choice = choose(args);
        const { clusterName, namespace } = choice;
        const labels = { [LABEL]: clusterName };
        const domain = `${nodesService(clusterName)}.${namespace}.svc.cluster.local`;

        const files = renderFiles(choice, domain);
        const configuration = new core.ConfigMap(
            `${name}-configuration`,
            { metadata: { name: `${clusterName}-configuration`, namespace }, data: files },
            { parent: this },
        );
        const users = createUsers(name, this, choice);
        const mounted: Mounted = {
            configMap: `${clusterName}-configuration`,
            users: `${clusterName}-users`,
            certificates: choice.tlsSecretName,
        };
        createServices(name, this, choice, labels);
        createBudget(name, this, choice, labels);
        closeNetwork(name, this, choice, labels);
        createPodMonitor(name, this, choice, labels);

        // How many shards there are is no reason for a pod to restart: its scripts read that anew.
        const { "settings.sh": topology, ...lasting } = files;
        const checksum = users.checksum.apply((text) => digest({ text, lasting }));
        const shards: pulumi.Resource[] = [];
        for (let shard = 0; shard < choice.shards; shard++) {
            // One after the other: an update never takes pods of two shards away at once.
            const dependsOn = [configuration, users.secret, ...shards.slice(-1)];
            shards.push(
                createShard(
                    name,
                    this,
                    choice,
                    { shard, domain, labels, mounted, checksum },
                    dependsOn,
                ),
            );
        }
        new batch.Job(
            `${name}-create`,
            {
                // A Job never changes: other shards, another Job.
                metadata: {
                    name: `${clusterName}-create-${digest(topology).slice(0, DIGEST_CHARACTERS)}`,
                    namespace,
                    labels,
                },
                spec: {
                    backoffLimit: JOB_RETRIES,
                    template: {
                        // Not the servers' label: nobody connects to it, and no budget counts it.
                        metadata: { labels: { [LABEL]: `${clusterName}-create` } },
                        spec: creatorPod(choice, mounted),
                    },
                },
            },
            { parent: this, dependsOn: shards },
        );

        this.host = pulumi.output(`${clusterName}.${namespace}.svc.cluster.local`);
        this.port = pulumi.output(PORT);
        this.nodesDomain = pulumi.output(domain);
        this.serviceSecretName = pulumi.output(users.serviceSecretName);
        this.migratorSecretName = pulumi.output(users.migratorSecretName);
        this.serviceLogin = users.serviceLogin;
        this.registerOutputs({
            host: this.host,
            port: this.port,
            nodesDomain: this.nodesDomain,
            serviceSecretName: this.serviceSecretName,
            migratorSecretName: this.migratorSecretName,
            serviceLogin: this.serviceLogin,
        });
    }
}

/** Of one shard. */
interface Shard {
    readonly shard: number;
    readonly domain: string;
    /** Of every pod of the cluster. */
    readonly labels: Record<string, string>;
    readonly mounted: Mounted;
    readonly checksum: pulumi.Output<string>;
}

function createShard(
    name: string,
    parent: pulumi.Resource,
    choice: ValkeyChoice,
    { shard, domain, labels, mounted, checksum }: Shard,
    dependsOn: pulumi.Resource[],
): apps.StatefulSet {
    const { clusterName, namespace, copies, storageGibibytes, storageClassName, protect } = choice;
    const own = { ...labels, [SHARD_LABEL]: String(shard) };
    return new apps.StatefulSet(
        `${name}-shard-${shard}`,
        {
            metadata: { name: shardName(clusterName, shard), namespace, labels: own },
            spec: {
                replicas: copies,
                serviceName: nodesService(clusterName),
                podManagementPolicy: "Parallel",
                selector: { matchLabels: own },
                // What lost its pod keeps its data.
                persistentVolumeClaimRetentionPolicy: {
                    whenDeleted: "Retain",
                    whenScaled: "Retain",
                },
                template: {
                    metadata: {
                        labels: own,
                        annotations: { "logcaster/configuration-sha256": checksum },
                    },
                    spec: serverPod(choice, domain, { all: labels, shard: own }, mounted),
                },
                volumeClaimTemplates: [
                    {
                        metadata: { name: "data" },
                        spec: {
                            accessModes: ["ReadWriteOnce"],
                            storageClassName,
                            resources: { requests: { storage: `${storageGibibytes}Gi` } },
                        },
                    },
                ],
            },
        },
        { parent, dependsOn, protect },
    );
}

function renderFiles(choice: ValkeyChoice, domain: string): Record<string, string> {
    const { clusterName, shards, copies, role, appendFsync, memoryMebibytes } = choice;
    const file = (name: string) => `${FOLDERS.certificates}/${name}`;
    const authority = file("ca.crt");
    return {
        "valkey.conf": renderConfiguration({
            role,
            appendFsync,
            port: PORT,
            maxMemoryBytes: Math.floor(
                memoryMebibytes * BYTES_A_MEBIBYTE * SERVER.dataShareOfMemory,
            ),
            dataFolder: FOLDERS.data,
            secretsFolder: FOLDERS.secrets,
            tls: { certificate: file("tls.crt"), key: file("tls.key"), authority },
            endpoints: "hostname",
        }),
        ...renderScripts({
            port: PORT,
            shards: podNames(clusterName, shards, copies),
            domain,
            dataFolder: FOLDERS.data,
            configurationFolder: FOLDERS.configuration,
            secretsFolder: FOLDERS.secrets,
            authorityFile: authority,
        }),
    };
}
