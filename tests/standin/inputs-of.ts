import { isDeepStrictEqual } from "node:util";
import { isInternal } from "./diff";
import { isObject, isSecret, plain, secret, type Json, type JsonObject } from "./wire";

function shaped(state: Json | undefined, input: Json): Json | undefined {
    if (state === undefined) return undefined;
    if (isSecret(input)) return secret(shaped(plain(state), plain(input)) ?? null);
    if (isSecret(state)) return isDeepStrictEqual(plain(state), plain(input)) ? input : state;
    if (isObject(state) && isObject(input)) {
        const copy: JsonObject = {};
        for (const [key, value] of Object.entries(input)) {
            if (isInternal(key)) copy[key] = value;
            else {
                const now = shaped(state[key], value);
                if (now !== undefined) copy[key] = now;
            }
        }
        return copy;
    }
    if (Array.isArray(state) && Array.isArray(input)) {
        return state.map((value, i) => shaped(value, input[i] ?? value) ?? value);
    }
    return state;
}

/**
 * Inputs as a read finds them: each property that was given has the value the world has now; what the
 * cloud added on its own does not become an input.
 */
export function inputsOf(state: JsonObject, inputs: JsonObject): JsonObject {
    return shaped(state, inputs) as JsonObject;
}
