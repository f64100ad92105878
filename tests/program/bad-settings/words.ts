/** Wrong types, unknown words and keys, nothing where something must be. */
import type { BadSettings } from "./row";

export const BAD_WORDS: readonly BadSettings[] = [
    {
        mistake: "a text for a number",
        set: { "scaling.max": "many" },
        path: "scaling.max",
        says: "a whole number from 3 to 50",
    },
    { mistake: "a list for an object", set: { scaling: [] }, path: "scaling", says: "object" },
    {
        mistake: "a text for a flag",
        set: { protect: "perhaps" },
        path: "protect",
        says: "true or false",
        preview: "must be of type boolean, as Pulumi.yaml declares",
    },
    {
        mistake: "null for a number",
        set: { "scaling.min": null },
        path: "scaling.min",
        says: "from 3 to 50",
    },
    {
        mistake: "an unknown setting",
        set: { "scaling.maximum": 5 },
        path: "scaling.maximum",
        says: "no such setting; known here: tier, min, max",
    },
    {
        mistake: "an unknown top-level key",
        set: { scalling: {}, "scalling.max": 5 },
        path: "scalling",
        says: "no such setting; known here: environment",
    },
    {
        mistake: "an unknown mode",
        set: { "scaling.mode": "auto" },
        path: "scaling.mode",
        says: "one of target, step",
    },
    {
        mistake: "an unknown tier",
        set: { "scaling.tier": "huge" },
        path: "scaling.tier",
        says: "one of small, medium, large, xlarge",
    },
    {
        mistake: "no environment",
        set: { environment: undefined },
        path: "environment",
        says: "lower-case letters",
        preview: "is missing configuration value",
    },
    {
        mistake: "an environment that is no name",
        set: { environment: "Prod!" },
        path: "environment",
        says: "lower-case letters",
    },
];
