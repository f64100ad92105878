import { getAt, parsePath, setAt } from "../../standin/paths";
import type { JsonObject } from "../../standin/wire";

/** Inputs with each ignored path set back to its old value, before they are checked, as the engine does. */
export function resetIgnored(
    inputs: JsonObject,
    oldInputs: JsonObject,
    ignoreChanges: readonly string[],
): JsonObject {
    return ignoreChanges.map(parsePath).reduce<JsonObject>((now, path) => {
        const old = getAt(oldInputs, path);
        const holder = path.slice(0, -1);
        if (getAt(now, holder) === undefined) return now;
        if (old === undefined && getAt(now, path) === undefined) return now;
        return setAt(now, path, old) as JsonObject;
    }, inputs);
}
