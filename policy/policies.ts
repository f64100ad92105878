/** Every policy of the pack. To add one, see README.md. */
import { bind } from "./bind";
import type { Definition } from "./definition";
import { BALANCER } from "./definitions/balancer";
import { CAPACITY } from "./definitions/capacity";
import { COST } from "./definitions/cost";
import { DATA } from "./definitions/data";
import { DATABASE_POLICIES } from "./definitions/database";
import { DNS } from "./definitions/dns";
import { EDGE } from "./definitions/edge";
import { INSTANCE } from "./definitions/instance";
import { KUBERNETES } from "./definitions/kubernetes";
import { MONITORING } from "./definitions/monitoring";
import { NETWORK } from "./definitions/network";
import { RECOVERY } from "./definitions/recovery";
import { REDIS } from "./definitions/redis";
import { SCALING } from "./definitions/scaling";
import { SPOT } from "./definitions/spot";

export const DEFINITIONS: readonly Definition[] = [
    ...CAPACITY,
    ...SCALING,
    ...SPOT,
    ...INSTANCE,
    ...BALANCER,
    ...NETWORK,
    ...REDIS,
    ...DNS,
    ...EDGE,
    ...DATA,
    ...DATABASE_POLICIES,
    ...RECOVERY,
    ...MONITORING,
    ...KUBERNETES,
    ...COST,
];

export const POLICIES = DEFINITIONS.map((definition) => bind(definition));
