import type * as backup from "@pulumi/aws/backup";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

/** The store's backups, copied into another region, as if AWS Backup took them. */
export function recovery(stack: TestStack): void {
    for (const [name, region] of [
        ["vault", "us-east-1"],
        ["copy-vault", "eu-west-1"],
    ] as const) {
        stack.add(
            "aws:backup/vault:Vault",
            name,
            of<backup.VaultArgs>({ region, kmsKeyArn: UNKNOWN }),
            { kmsKeyArn: ["key"] },
        );
    }
    stack
        .add(
            "aws:backup/plan:Plan",
            "backups",
            of<backup.PlanArgs>({
                region: "us-east-1",
                rules: [
                    {
                        ruleName: "daily",
                        targetVaultName: UNKNOWN,
                        copyActions: [{ destinationVaultArn: UNKNOWN }],
                    },
                ],
            }),
            { rules: ["vault", "copy-vault"] },
        )
        .add(
            "aws:backup/selection:Selection",
            "selection",
            of<backup.SelectionArgs>({
                planId: UNKNOWN,
                iamRoleArn: UNKNOWN,
                resources: UNKNOWN as never,
            }),
            { planId: ["backups"], resources: ["store"] },
        );
}
