import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type World, TRACE_LIMITS } from "../../model/capacity";
import { readTrace } from "../../dataplane/simulate/read-trace";
import {
    SEASONAL,
    SHAPES,
    type ShapeName,
    madeLoad,
    worldFor,
} from "../../tests/model/capacity/loads";

/** A load by name, in a fleet sized for it. */
export interface Case {
    readonly name: string;
    readonly hasSeason: boolean | undefined;
    readonly world: World;
}

const DAYS = 28;
const SEED = 17;

/** Traces from the files of the folder that LOGCASTER_TRACES names, and made-up loads: a minute a sample, four weeks. */
export async function cases(): Promise<Case[]> {
    const folder = process.env.LOGCASTER_TRACES;
    const files =
        folder !== undefined && existsSync(folder)
            ? readdirSync(folder).filter((file) => file.endsWith(".csv"))
            : [];
    const recorded = files.map(async (file): Promise<Case> => {
        const { load } = await readTrace(join(folder ?? "", file), "requests");
        return { name: file.replace(/\.csv$/, ""), hasSeason: undefined, world: worldFor(load) };
    });
    const made = (Object.keys(SHAPES) as ShapeName[]).map((name) => ({
        name: `made up: ${name}`,
        hasSeason: SEASONAL.includes(name),
        world: worldFor(madeLoad(name, DAYS, TRACE_LIMITS.finestMs, SEED)),
    }));
    return [...(await Promise.all(recorded)), ...made];
}
