import type * as pulumi from "@pulumi/pulumi";

/** Arguments of MigrationJob. */
export interface MigrationJobArgs {
    /** Namespace of the Job; it exists. */
    namespace: pulumi.Input<string>;
    /** Name of the Job and its label. @default logcaster-migration */
    jobName?: string;
    /** Image by digest with Node 22 and the logcaster command. */
    image: string;
    /** Name of the Secret that holds the metadata store's URL. */
    metadataSecretName: pulumi.Input<string>;
    /** Key of that Secret. @default url */
    metadataSecretKey?: string;
    /** Pods that share the migration, 1 to 64; the units of a plan bound what helps. @default 3 */
    workers?: number;
    /** Times a worker is started again before the Job fails, 0 to 100. @default 10 */
    restartsPerWorker?: number;
    /**
     * Most keys a second of one worker; 0 is no limit. Native moves (Valkey 9) are paced by the servers.
     * @default 0
     */
    maxKeysPerSecond?: number;
    /**
     * Most bytes a second of one worker; 0 is no limit. Native moves (Valkey 9) are paced by the servers.
     * @default 0
     */
    maxBytesPerSecond?: number;
    /** CPU a worker requests, in thousandths. @default 500 */
    cpuRequestMilli?: number;
    /** Memory a worker requests, and its limit, 256 at least. @default 512 */
    memoryMebibytes?: number;
    /** Seconds after which the finished Job is deleted. @default 604800, a week */
    keepSeconds?: number;
}
