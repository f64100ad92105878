/** Every policy of the pack. To add one, see README.md. */
import { bind } from "./bind";
import type { Definition } from "./definition";
import { CAPACITY } from "./definitions/capacity";
import { SPOT } from "./definitions/spot";

export const DEFINITIONS: readonly Definition[] = [...CAPACITY, ...SPOT];

export const POLICIES = DEFINITIONS.map((definition) => bind(definition));
