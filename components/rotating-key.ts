import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf } from "./arn";

/** Days until a deleted key is gone; the longest AWS allows, since everything it encrypted goes with it. */
export const KEY_DELETION_DAYS = 30;

export interface RotatingKeyArgs {
    region: string;
    /** What it encrypts. */
    description: string;
    tags: Record<string, string>;
}

/** A customer key that rotates yearly. */
export function rotatingKey(
    name: string,
    args: RotatingKeyArgs,
    options: pulumi.CustomResourceOptions,
): kms.Key {
    return new kms.Key(
        name,
        { ...args, enableKeyRotation: true, deletionWindowInDays: KEY_DELETION_DAYS },
        options,
    );
}

/** The statement that every key's policy begins with: the account administers it. */
export function accountAdministers(keyArn: string, region: string) {
    return {
        Sid: "Account",
        Effect: "Allow",
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${accountOf(keyArn)}:root` },
        Action: "kms:*",
        Resource: "*",
    };
}
