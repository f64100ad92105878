import * as backup from "@pulumi/aws/backup";
import * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "logcaster-model/settings";
import { alarmPlace } from "../monitoring/alarm";
import { collectProblems, refuse } from "../problems";
import { rotatingKey } from "../rotating-key";
import { watchBackups } from "./alarms";
import { VaultLock, type RecoveryPlanArgs } from "./args";
import { RECOVERY_DEFAULTS } from "./defaults";
import { ASSUME_ROLE_POLICY, backupPolicy } from "./permissions";

/**
 * Daily backups by AWS Backup of what holds data, each with a copy in another region: two vaults, encrypted by a key of each
 * region, a plan, the named resources, a role that may do this and no more, and alarms on failure and on silence.
 *
 * It keeps what replication does not: what a mistake deleted everywhere at once. A restore is a person's doing (docs/recovery.md);
 * the role may not.
 *
 * **Cost** a month: 2 USD for the keys; a GB of backup, and of copy, and its way to the other region, by use.
 * **Limits**: AWS Backup takes Aurora, and no ElastiCache; a copy of an Aurora cluster is whole each time.
 */
export class RecoveryPlan extends pulumi.ComponentResource {
    /** The plan. */
    readonly planArn: pulumi.Output<string>;
    /** Vault of the backups. */
    readonly vaultName: pulumi.Output<string>;
    /** Vault of the copies. */
    readonly copyVaultName: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: RecoveryPlanArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:RecoveryPlan", name, {}, opts);
        refuse(this, name, recoveryProblems(args));
        const { region, copyRegion } = args;
        const keepDays = args.keepDays ?? RECOVERY_DEFAULTS.keepDays;
        const copyDays = args.copyDays ?? RECOVERY_DEFAULTS.copyDays;
        const at = `${name}-${region}`;
        const tags = { "logcaster:component": "recovery" };

        const own = createVault(at, this, region, keepDays, args, tags);
        const copy = createVault(`${name}-${copyRegion}`, this, copyRegion, copyDays, args, tags);
        const plan = new backup.Plan(
            `${at}-plan`,
            {
                region,
                rules: [
                    {
                        ruleName: "daily",
                        targetVaultName: own.vault.name,
                        schedule: RECOVERY_DEFAULTS.schedule,
                        startWindow: RECOVERY_DEFAULTS.startWithinMinutes,
                        completionWindow: RECOVERY_DEFAULTS.endWithinMinutes,
                        lifecycle: { deleteAfter: keepDays },
                        copyActions: [
                            {
                                destinationVaultArn: copy.vault.arn,
                                lifecycle: { deleteAfter: copyDays },
                            },
                        ],
                        recoveryPointTags: tags,
                    },
                ],
                tags: { ...tags, Name: `${at}-plan` },
            },
            { parent: this },
        );
        const role = createRole(at, this, args, [own, copy], tags);
        new backup.Selection(
            `${at}-selection`,
            {
                region,
                planId: plan.id,
                iamRoleArn: role.arn,
                resources: Object.values(args.resources).map(({ arn }) => arn),
            },
            { parent: this, dependsOn: role.ready },
        );
        watchBackups(alarmPlace(at, this, region, args, args), own.vault.arn, tags);

        this.planArn = plan.arn;
        this.vaultName = own.vault.name;
        this.copyVaultName = copy.vault.name;
        this.registerOutputs({
            planArn: this.planArn,
            vaultName: this.vaultName,
            copyVaultName: this.copyVaultName,
        });
    }
}

/** Every mistake in the arguments. */
function recoveryProblems(args: RecoveryPlanArgs): Problem[] {
    const { found, refuse, withinIfGiven } = collectProblems();
    if (args.copyRegion === args.region) {
        const allowed = "a region other than region: a copy beside the backup is lost with it";
        refuse("copyRegion", args.copyRegion, allowed);
    }
    if (Object.keys(args.resources).length === 0) {
        refuse("resources", {}, "something to back up");
    }
    withinIfGiven("keepDays", args.keepDays, "recovery.keepDays");
    withinIfGiven("copyDays", args.copyDays, "recovery.copyDays");
    return found;
}

interface Vault {
    readonly vault: backup.Vault;
    readonly key: kms.Key;
}

/** A vault with a key of its own; locked, no backup in it goes before its time. */
function createVault(
    name: string,
    parent: pulumi.Resource,
    region: string,
    keepDays: number,
    { protect, lock = RECOVERY_DEFAULTS.lock }: RecoveryPlanArgs,
    tags: Record<string, string>,
): Vault {
    const key = rotatingKey(
        `${name}-vault-key`,
        {
            region,
            description: `Backups in ${region}`,
            tags: { ...tags, Name: `${name}-vault-key` },
        },
        { parent, protect },
    );
    const vault = new backup.Vault(
        `${name}-vault`,
        { region, kmsKeyArn: key.arn, tags: { ...tags, Name: `${name}-vault` } },
        { parent, protect },
    );
    if (lock === VaultLock.Governance) {
        new backup.VaultLockConfiguration(
            `${name}-vault-lock`,
            // Without changeableForDays, with which nobody could ever take the lock away.
            { region, backupVaultName: vault.name, minRetentionDays: keepDays },
            { parent },
        );
    }
    return { vault, key };
}

function createRole(
    name: string,
    parent: pulumi.Resource,
    { region, copyRegion, resources }: RecoveryPlanArgs,
    vaults: readonly Vault[],
    tags: Record<string, string>,
): { arn: pulumi.Output<string>; ready: pulumi.Resource } {
    const role = new iam.Role(
        `${name}-backup`,
        {
            description: `Backups from ${region}, with copies in ${copyRegion}`,
            assumeRolePolicy: ASSUME_ROLE_POLICY,
            tags: { ...tags, Name: `${name}-backup` },
        },
        { parent },
    );
    const clusters = Object.values(resources);
    const policy = pulumi
        .all([
            pulumi.all(clusters.map(({ arn }) => arn)),
            pulumi.all(vaults.map(({ vault }) => vault.arn)),
            pulumi.all([
                ...clusters.map(({ keyArn }) => keyArn),
                ...vaults.map(({ key }) => key.arn),
            ]),
        ])
        .apply(([clusterArns, vaultArns, keyArns]) =>
            backupPolicy({ regions: [region, copyRegion], clusterArns, vaultArns, keyArns }),
        );
    const ready = new iam.RolePolicy(`${name}-backup`, { role: role.id, policy }, { parent });
    return { arn: role.arn, ready };
}
