import type { Unwrap } from "@pulumi/pulumi";

/** Arguments of a resource as a policy sees them. The types are the providers' own, so that a rule's property names are real ones. */
export function of<Args>(props: Unwrap<Args>): object {
    return props as object;
}
