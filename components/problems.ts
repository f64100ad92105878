import * as pulumi from "@pulumi/pulumi";
import { allowed, type LimitId } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";

/** What a whole number may be, and why. */
interface Range {
    readonly min: number;
    readonly max: number;
    readonly why?: string;
}

/**
 * Refuses a component's arguments, every mistake at once.
 * @throws ResourceError, whose stack is not shown, where there is any problem
 */
export function refuse(
    resource: pulumi.ComponentResource,
    name: string,
    problems: readonly Problem[],
): void {
    if (problems.length === 0) return;
    const sentences = problems.map(({ path, value, allowed: says }) => {
        const given = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
        return `${path} ${given}; allowed: ${says}`;
    });
    throw new pulumi.ResourceError(`${name}: ${sentences.join("\n")}`, resource, true);
}

/** A list of mistakes, and what adds to it: a mistake as such, a number out of its range, a number out of its limit. */
export function collectProblems() {
    const found: Problem[] = [];
    const refuse = (path: string, value: unknown, allowed: string): void => {
        found.push({ path, value, allowed });
    };
    const whole = (path: string, value: number, range: Range): void => {
        found.push(...wholeProblems(path, value, range));
    };
    const within = (path: string, value: number, id: LimitId): void => {
        whole(path, value, allowed(id));
    };
    /** Of an argument that may be left out. */
    const withinIfGiven = (path: string, value: number | undefined, id: LimitId): void => {
        if (value !== undefined) within(path, value, id);
    };
    return { found, refuse, whole, within, withinIfGiven };
}

/** The mistake of what is no whole number of a range, or none. */
export function wholeProblems(path: string, value: number, { min, max, why }: Range): Problem[] {
    if (isWhole(value, min, max)) return [];
    const reason = why === undefined ? "" : ` (${why})`;
    return [{ path, value, allowed: `a whole number from ${min} to ${max}${reason}` }];
}

/** Whether a limit, and AWS's rule on it, allow a number. */
export function isAllowed(id: LimitId, value: number): boolean {
    const { min, max, oneOf } = allowed(id);
    return oneOf ? oneOf.includes(value) : isWhole(value, min, max);
}

/** Whether a number is whole and in a range. */
export function isWhole(value: number, min: number, max: number): boolean {
    return Number.isInteger(value) && value >= min && value <= max;
}
