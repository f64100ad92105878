import type { AwsRuleId } from "logcaster-model/aws-rules";
import type { LimitId } from "logcaster-model/limits";
import type { BadSettings } from "./bad-settings";

/** A number just outside the bounds of a limit. */
export const outside = (
    limit: LimitId,
    path: string,
    value: number,
    says: string,
    ...rules: AwsRuleId[]
): BadSettings => ({
    mistake: `${path} = ${value}`,
    set: { [path]: value },
    path,
    says,
    covers: [limit, ...rules],
});
