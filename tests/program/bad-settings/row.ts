import type { AwsRuleId } from "logcaster-model/aws-rules";
import type { LimitId } from "logcaster-model/limits";

/** One mistake in a stack's settings, and the problem that must be reported. */
export interface BadSettings {
    readonly mistake: string;
    /** Whose file is changed. @default prod */
    readonly stack?: string;
    /** Paths below `logcaster:` and the values put there; undefined removes. */
    readonly set: Readonly<Record<string, unknown>>;
    /** The path the message names. */
    readonly path: string;
    /** What of the allowed values the message says. */
    readonly says: string;
    /** What a preview says instead where the project's own schema, in Pulumi.yaml, refuses the value first. */
    readonly preview?: string;
    /** Other paths that the same mistake makes wrong. */
    readonly also?: readonly string[];
    readonly covers?: readonly (LimitId | AwsRuleId)[];
}

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
