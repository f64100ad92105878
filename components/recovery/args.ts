import type * as pulumi from "@pulumi/pulumi";

/** Whether backups can be deleted before their time. */
export const VaultLock = {
    /** By whoever IAM lets. */
    None: "none",
    /** By nobody without the permission to unlock the vault; a lock can be taken away again. */
    Governance: "governance",
} as const;
export type VaultLock = (typeof VaultLock)[keyof typeof VaultLock];

/** What is backed up. */
export interface RecoveryResourceArgs {
    /** ARN of the cluster, in the plan's region. */
    arn: pulumi.Input<string>;
    /** Key that it is encrypted with. */
    keyArn: pulumi.Input<string>;
}

/** Arguments of RecoveryPlan. */
export interface RecoveryPlanArgs {
    /** Name of the environment, in names of alarms. */
    environment: string;
    /** Region of what is backed up, and of the plan. */
    region: string;
    /** Region that holds a copy of every backup; another one. */
    copyRegion: string;
    /** What is backed up, by a key that never changes: Aurora clusters. */
    resources: { [key: string]: RecoveryResourceArgs };
    /** Days that a backup is kept in `region`. @default 35 */
    keepDays?: number;
    /** Days that its copy is kept in `copyRegion`. @default 35 */
    copyDays?: number;
    /** Whether backups can be deleted before their time. @default none */
    lock?: VaultLock;
    /** Topics of `region`: what can wait, who is woken, who plans capacity. */
    notifyOpsTopicArn: pulumi.Input<string>;
    pageOncallTopicArn: pulumi.Input<string>;
    capacityPlanningTopicArn: pulumi.Input<string>;
    /** Where the runbooks are read, without the last slash. @default docs/runbooks, in the repository */
    runbooksUrl?: string;
    /** Protect vaults and their keys from deletion by Pulumi. */
    protect: boolean;
}
