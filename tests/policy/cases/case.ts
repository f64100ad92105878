import type { TestStack } from "../stack";

/** One change of the compliant stack and what a policy makes of it. */
export interface Case {
    readonly change?: (stack: TestStack) => unknown;
    /** The policy's configuration, where it is not the default. */
    readonly config?: object;
    /** Exactly the violations; none by default. */
    readonly says?: readonly string[];
    /** Exactly the paths noted as not known yet; none by default. */
    readonly unknown?: readonly string[];
}

/** By policy, by a sentence that says what is tried; "not known yet" in it marks the cases with unknown values. */
export type Cases = Readonly<Record<string, Readonly<Record<string, Case>>>>;
