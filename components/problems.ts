import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "logcaster-model/settings";

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
    const sentences = problems.map(({ path, value, allowed }) => {
        const given = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
        return `${path} ${given}; allowed: ${allowed}`;
    });
    throw new pulumi.ResourceError(`${name}: ${sentences.join("\n")}`, resource, true);
}
