import * as batch from "@pulumi/kubernetes/batch/v1";
import type { input } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../problems";
import { podResources } from "../pod-resources";
import { closedContainer, ordinaryUser } from "../pod-security";
import type { MigrationJobArgs } from "./args";
import { JOURNAL_FOLDER, RUN_AS } from "./defaults";
import { choose, type MigrationJobChoice, migrationJobProblems } from "./validate";

/**
 * Workers that share one live migration, as an Indexed Job. The plan is in the journal already (`logcaster shards migrate
 * --start-only`); each worker takes units by lease, and a worker that dies is replaced and goes on after its lease.
 *
 * **Cost**: its pods for as long as it runs: three of half a vCPU, on a c7i.large (2 vCPU) at 0.0893 USD an hour
 * (us-east-1) 0.07 USD an hour.
 * **Limits**: no more workers help than the plan has units: 16 partitions of one source and target each.
 */
export class MigrationJob extends pulumi.ComponentResource {
    /** Name of the Job. */
    readonly jobName: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: MigrationJobArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:MigrationJob", name, {}, opts);
        refuse(this, name, migrationJobProblems(args));
        const choice = choose(args);
        const { jobName, namespace, workers } = choice;
        const labels = { "app.kubernetes.io/name": jobName };

        new batch.Job(
            `${name}-job`,
            {
                metadata: {
                    name: jobName,
                    namespace,
                    labels,
                    // A migration may take hours: `logcaster shards status` follows it, an update does not wait.
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec: {
                    completionMode: "Indexed",
                    completions: workers,
                    parallelism: workers,
                    backoffLimitPerIndex: choice.restartsPerWorker,
                    maxFailedIndexes: 0,
                    ttlSecondsAfterFinished: choice.keepSeconds,
                    template: { metadata: { labels }, spec: pod(choice) },
                },
            },
            { parent: this },
        );

        this.jobName = pulumi.output(jobName);
        this.registerOutputs({ jobName: this.jobName });
    }
}

function pod(choice: MigrationJobChoice): input.core.v1.PodSpec {
    return {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: ordinaryUser(RUN_AS),
        containers: [worker(choice)],
        volumes: [{ name: "journal", emptyDir: {} }],
    };
}

function worker(choice: MigrationJobChoice): input.core.v1.Container {
    return {
        name: "worker",
        image: choice.image,
        args: [
            ...["logcaster", "shards", "resume", "--json", "--journal", JOURNAL_FOLDER],
            ...["--max-keys-per-second", String(choice.maxKeysPerSecond)],
            ...["--max-bytes-per-second", String(choice.maxBytesPerSecond)],
        ],
        env: [
            {
                name: "LOGCASTER_METADATA_URL",
                valueFrom: {
                    secretKeyRef: {
                        name: choice.metadataSecretName,
                        key: choice.metadataSecretKey,
                    },
                },
            },
        ],
        resources: podResources(choice.cpuRequestMilli, choice.memoryMebibytes),
        securityContext: closedContainer(),
        volumeMounts: [{ name: "journal", mountPath: JOURNAL_FOLDER }],
    };
}
