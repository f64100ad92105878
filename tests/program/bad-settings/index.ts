/**
 * Mistakes in a stack's settings: what is changed in Pulumi.prod.yaml, or in the stack that a row names, and the problem that
 * must be reported. Every row of model/limits.ts and model/aws-rules.ts names at least one (`covers`); bad-settings.test.ts
 * compares the sets.
 */
import { BAD_ALERTS } from "./alerts";
import { BAD_BALANCER } from "./balancer";
import { BAD_DNS } from "./dns";
import { BAD_GLOBAL } from "./global";
import { BAD_KUBERNETES } from "./kubernetes";
import { BAD_PLACES } from "./places";
import { BAD_REDIS } from "./redis";
import { BAD_SCALING } from "./scaling";
import { BAD_WORDS } from "./words";
import type { BadSettings } from "./row";

export type { BadSettings };

/** Every mistake. */
export const BAD_SETTINGS: readonly BadSettings[] = [
    ...BAD_WORDS,
    ...BAD_SCALING,
    ...BAD_PLACES,
    ...BAD_BALANCER,
    ...BAD_REDIS,
    ...BAD_DNS,
    ...BAD_ALERTS,
    ...BAD_GLOBAL,
    ...BAD_KUBERNETES,
];
