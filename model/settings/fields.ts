/** Leaves of the settings' schema: each says in its error what is allowed and why, and carries its own documentation. */
import { z } from "zod";
import { AWS_RULES, type AwsRuleId } from "../aws-rules";
import { LIMITS, type LimitId, allowed } from "../limits";

/** What a setting takes and the reason, as the end of an error message. */
export function allowedText(id: LimitId): string {
    const { min, max, oneOf, why } = allowed(id);
    const range = oneOf ? `one of ${oneOf.join(", ")}` : `a whole number from ${min} to ${max}`;
    return `${range} (${LIMITS[id].unit}; ${why})`;
}

/** A whole number whose default and bounds are a row of limits.ts. */
export function int(id: LimitId, description: string) {
    return boundedInt(id).default(LIMITS[id].value).meta({ description, limit: id });
}

/** The same without a default: it must be given. */
export function requiredInt(id: LimitId, description: string) {
    return boundedInt(id).meta({ description, limit: id });
}

function boundedInt(id: LimitId) {
    const { min, max, oneOf } = allowed(id);
    const error = allowedText(id);
    return z
        .number({ error })
        .int(error)
        .min(min, error)
        .max(max, error)
        .refine((value) => !oneOf || oneOf.includes(value), error);
}

/** A text that matches `pattern`; `says` is what is allowed, in words. */
export function text(pattern: RegExp, says: string, description: string) {
    return z.string({ error: says }).regex(pattern, says).meta({ description, says });
}

/** An entry of a list or map: its description is the list's. */
export const entry = (pattern: RegExp, says: string) => text(pattern, says, "");

/** A text that an AWS rule restricts. */
export function awsText(pattern: RegExp, rule: AwsRuleId, description: string) {
    return text(pattern, `${AWS_RULES[rule].says} (${AWS_RULES[rule].url})`, description);
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
    words: T,
    description: string,
) {
    return z.enum(words, { error: `one of ${words.join(", ")}` }).meta({ description });
}

/** true or false, with a default. */
export function flag(value: boolean, description: string) {
    return z.boolean({ error: "true or false" }).default(value).meta({ description });
}

/** A region's name: load balancers are named after it, with 13 of AWS's 32 characters for their role and autonaming. */
export const REGION = /^(?=.{1,19}$)[a-z]{2}(-[a-z]+)+-\d$/;

/** A container image by digest, in a repository whose name is at most as long as registries take. */
const IMAGE = /^(?=[^@]{1,255}@)[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$/;

/** A container image; `why` a tag will not do. */
export const image = (description: string, why = "") =>
    text(
        IMAGE,
        `a container image by digest, <registry>/<name>@sha256:<64 hexadecimal digits>${why}`,
        description,
    );

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
export const CIDR = new RegExp(`^${OCTET}(\\.${OCTET}){3}/(3[0-2]|[12]?\\d)$`);
