/** What AWS Backup may do: pure, from plain values. */
import { accountOf, partitionOf } from "../arn";
import { trustService } from "../trust";

/** The service, in the role that the plan gives it. */
export const ASSUME_ROLE_POLICY = trustService("backup.amazonaws.com");

export interface BackupPermissions {
    /** Regions of plan and copy. */
    readonly regions: readonly string[];
    /** Clusters that are backed up. */
    readonly clusterArns: readonly string[];
    /** Vaults of plan and copy. */
    readonly vaultArns: readonly string[];
    /** Keys of clusters and vaults. */
    readonly keyArns: readonly string[];
}

/**
 * Snapshots of the named clusters, in the named vaults, with the named keys, and no restore: the managed policies allow every
 * resource of the account. https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
 */
export function backupPolicy({
    regions,
    clusterArns,
    vaultArns,
    keyArns,
}: BackupPermissions): string {
    const account = accountOf(clusterArns[0] ?? "");
    const snapshots = regions.map(
        (region) =>
            `arn:${partitionOf(region)}:rds:${region}:${account}:cluster-snapshot:awsbackup:*`,
    );
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "Snapshots",
                Effect: "Allow",
                Action: [
                    "rds:AddTagsToResource",
                    "rds:CopyDBClusterSnapshot",
                    "rds:CreateDBClusterSnapshot",
                    "rds:DeleteDBClusterSnapshot",
                    "rds:DescribeDBClusterSnapshots",
                    "rds:DescribeDBClusters",
                    "rds:ListTagsForResource",
                    "rds:ModifyDBClusterSnapshotAttribute",
                ],
                Resource: [...clusterArns, ...snapshots],
            },
            {
                Sid: "Vaults",
                Effect: "Allow",
                Action: [
                    "backup:CopyFromBackupVault",
                    "backup:CopyIntoBackupVault",
                    "backup:DescribeBackupVault",
                ],
                Resource: [...vaultArns],
            },
            {
                Sid: "Keys",
                Effect: "Allow",
                Action: [
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                Resource: [...keyArns],
            },
            {
                Sid: "KeysForSnapshots",
                Effect: "Allow",
                Action: ["kms:CreateGrant"],
                Resource: [...keyArns],
                Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
            },
        ],
    });
}
