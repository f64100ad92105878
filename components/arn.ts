/** The parts of an ARN, without a lookup. */

/** The partition of a region, the second part of every ARN in it. */
export function partitionOf(region: string): string {
    if (region.startsWith("cn-")) return "aws-cn";
    if (region.startsWith("us-gov-")) return "aws-us-gov";
    return "aws";
}

/** The account that owns what an ARN names. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";
