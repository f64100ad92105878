import { COMPUTE } from "./compute";
import { DATA } from "./data";
import { GLOBAL } from "./global";
import { MANAGEMENT } from "./management";
import { NETWORK } from "./network";
import type { Rows } from "./row";

/** Every type of the AWS provider that the stand-in knows. */
export const AWS_TYPES: Rows = { ...COMPUTE, ...NETWORK, ...DATA, ...MANAGEMENT, ...GLOBAL };
