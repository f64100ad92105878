import * as fs from "node:fs";
import * as path from "node:path";

/** What @pulumi/aws declares of a resource type. */
export interface Shape {
    /** Arguments, by name: whether each is optional. */
    args: ReadonlyMap<string, { optional: boolean; type: string }>;
    /** Outputs, by name, with their TypeScript type. */
    outputs: ReadonlyMap<string, string>;
}

const NONE: Shape = { args: new Map(), outputs: new Map() };
const cache = new Map<string, Shape>();

function parse(source: string): Shape {
    const args = new Map<string, { optional: boolean; type: string }>();
    const outputs = new Map<string, string>();
    const [body = ""] = source.split(/^export interface \w+State /m);
    for (const [, name = "", type = ""] of body.matchAll(
        /^ {4}readonly (\w+): pulumi\.Output<([\s\S]*?)>;$/gm,
    )) {
        outputs.set(name, type.replace(/\s+/g, " "));
    }
    const declared = source.split(/^export interface \w+Args /m)[1] ?? "";
    for (const [, name = "", mark, type = ""] of declared.matchAll(
        /^ {4}(\w+)(\??): pulumi\.Input<([\s\S]*?)>;$/gm,
    )) {
        args.set(name, { optional: mark === "?", type: type.replace(/\s+/g, " ") });
    }
    return { args, outputs };
}

/** The declaration of a type token (`aws:lb/loadBalancer:LoadBalancer`), empty if the SDK has none. */
export function shapeOf(type: string): Shape {
    const known = cache.get(type);
    if (known) return known;
    const [, file = ""] = type.split(":");
    let shape = NONE;
    try {
        const sdk = path.dirname(require.resolve("@pulumi/aws/package.json"));
        // Names that JavaScript reserves are spelled with an underscore (lambda/function_).
        const found = [file, `${file}_`]
            .map((f) => path.join(sdk, `${f}.d.ts`))
            .find((f) => fs.existsSync(f));
        if (found) shape = parse(fs.readFileSync(found, "utf8"));
    } catch {
        // Without the SDK every type is of no declared shape.
    }
    cache.set(type, shape);
    return shape;
}
