import { problem, type Problem } from "../problem";

/** A mistake for every entry of a list that stands in it before. */
export function eachOnce(path: readonly PropertyKey[], values: readonly string[]): Problem[] {
    return values.flatMap((value, i) => {
        const first = values.indexOf(value);
        const list = path[path.length - 1];
        return first === i
            ? []
            : [problem([...path, i], value, `each once; ${String(list)}[${first}] is the same`)];
    });
}
