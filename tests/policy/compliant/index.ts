import { TestStack } from "../stack";
import { balancers } from "./balancers";
import { cost } from "./cost";
import { data } from "./data";
import { database } from "./database";
import { dns } from "./dns";
import { edge } from "./edge";
import { fleet, nodes } from "./fleet";
import { kubernetes } from "./kubernetes";
import { monitoring } from "./monitoring";
import { network } from "./network";
import { recovery } from "./recovery";
import { redis } from "./redis";

/** A stack that every policy accepts, as in a first preview: what the cloud gives is not known yet. */
export function compliantStack(): TestStack {
    const stack = new TestStack();
    for (const part of [
        network,
        fleet,
        nodes,
        balancers,
        redis,
        dns,
        edge,
        data,
        database,
        recovery,
        monitoring,
        kubernetes,
        cost,
    ]) {
        part(stack);
    }
    return stack;
}
