/** What ties two settings together. Each check is pure and returns every mistake it finds. */
import type { Problem } from "../problem";
import type { Settings } from "../schema";
import { alerts } from "./alerts";
import { balancer } from "./balancer";
import { database } from "./database";
import { dns } from "./dns";
import { kubernetes } from "./kubernetes";
import { edge } from "./edge";
import { places } from "./places";
import { recovery } from "./recovery";
import { redisGlobal } from "./redis-global";
import { redis } from "./redis";
import { capacity, instanceTypes, predictive, schedule } from "./scaling";

/** Every check, in the order of the settings. */
export const CHECKS: readonly ((settings: Settings) => Problem[])[] = [
    capacity,
    schedule,
    predictive,
    instanceTypes,
    places,
    balancer,
    redis,
    redisGlobal,
    kubernetes,
    database,
    recovery,
    dns,
    edge,
    alerts,
];
