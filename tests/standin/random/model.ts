import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type {
    CheckArgs,
    Checked,
    CreateArgs,
    Created,
    DiffArgs,
    Model,
    UpdateArgs,
} from "../model";
import { plainObject, secret, UNKNOWN, type Json, type JsonObject } from "../wire";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
/** The Terraform provider's own set of special characters. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";
const CHARACTER_SETS = ["lower", "upper", "numeric", "special"] as const;

const TEXT_DEFAULTS: JsonObject = {
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    minLower: 0,
    minUpper: 0,
    minNumeric: 0,
    minSpecial: 0,
};

interface Kind {
    defaults?: JsonObject;
    outputs: readonly string[];
    secrets?: readonly string[];
    make: (inputs: JsonObject) => { id: string; outputs: JsonObject };
}

function pick(letters: string, count: number): string[] {
    return Array.from({ length: count }, () => letters[randomInt(letters.length)] ?? "");
}

function shuffle<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
        const j = randomInt(i + 1);
        [list[i], list[j]] = [list[j] as T, list[i] as T];
    }
    return list;
}

/** A text that keeps the minimum of each kind of character. */
function characters(inputs: JsonObject): string {
    const sets = {
        lower: LOWER,
        upper: LOWER.toUpperCase(),
        numeric: DIGITS,
        special: typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : SPECIAL,
    };
    const used = CHARACTER_SETS.filter((set) => inputs[set] !== false);
    const least = CHARACTER_SETS.flatMap((set) => {
        const minimum = inputs[`min${set[0]?.toUpperCase()}${set.slice(1)}`];
        return pick(sets[set], typeof minimum === "number" ? minimum : 0);
    });
    const length = Number(inputs.length);
    const all = used.map((set) => sets[set]).join("") || LOWER;
    return shuffle([...least, ...pick(all, Math.max(0, length - least.length))]).join("");
}

function bytes(inputs: JsonObject, property: string): JsonObject & { b64: string; b64Url: string } {
    const raw = randomBytes(Number(inputs[property]));
    return {
        hex: raw.toString("hex"),
        dec: BigInt(`0x${raw.toString("hex") || "0"}`).toString(),
        b64: raw.toString("base64"),
        b64Url: raw.toString("base64url"),
    };
}

const KINDS: Readonly<Record<string, Kind>> = {
    "random:index/randomPassword:RandomPassword": {
        defaults: TEXT_DEFAULTS,
        outputs: ["result", "bcryptHash"],
        secrets: ["result", "bcryptHash"],
        make: (inputs) => ({
            id: "none",
            outputs: {
                result: characters(inputs),
                bcryptHash: `$2a$10$${characters({ length: 53, special: false })}`,
            },
        }),
    },
    "random:index/randomString:RandomString": {
        defaults: TEXT_DEFAULTS,
        outputs: ["result"],
        make: (inputs) => {
            const result = characters(inputs);
            return { id: result, outputs: { result } };
        },
    },
    "random:index/randomId:RandomId": {
        outputs: ["hex", "dec", "b64Std", "b64Url"],
        make: (inputs) => {
            const made = bytes(inputs, "byteLength");
            const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
            return {
                id: made.b64Url,
                outputs: {
                    hex: `${prefix}${String(made.hex)}`,
                    dec: `${prefix}${String(made.dec)}`,
                    b64Std: `${prefix}${made.b64}`,
                    b64Url: `${prefix}${made.b64Url}`,
                },
            };
        },
    },
    "random:index/randomBytes:RandomBytes": {
        outputs: ["base64", "hex"],
        secrets: ["base64", "hex"],
        make: (inputs) => {
            const made = bytes(inputs, "length");
            return { id: "none", outputs: { base64: made.b64, hex: made.hex ?? "" } };
        },
    },
    "random:index/randomUuid:RandomUuid": {
        outputs: ["result"],
        make: () => {
            const result = randomUUID();
            return { id: result, outputs: { result } };
        },
    },
    "random:index/randomInteger:RandomInteger": {
        outputs: ["result"],
        make: ({ min, max }) => {
            const result = randomInt(Number(min), Number(max) + 1);
            return { id: String(result), outputs: { result } };
        },
    },
    "random:index/randomPet:RandomPet": {
        defaults: { length: 2, separator: "-" },
        outputs: [],
        make: ({ length, prefix, separator }) => {
            const words = Array.from({ length: Number(length) }, () => pick(LOWER, 5).join(""));
            const id = [...(prefix ? [String(prefix)] : []), ...words].join(String(separator));
            return { id, outputs: {} };
        },
    },
    "random:index/randomShuffle:RandomShuffle": {
        outputs: ["results"],
        make: ({ inputs, resultCount }) => {
            const list: Json[] = Array.isArray(inputs) ? [...inputs] : [];
            const results = shuffle(list).slice(0, Number(resultCount ?? list.length));
            return { id: "-", outputs: { results } };
        },
    },
};

/** Types that the stand-in knows. */
export const RANDOM_TYPES: readonly string[] = Object.keys(KINDS);

/** The random provider: everything it knows is in the engine's state, so it has no world. */
export class RandomModel implements Model {
    readonly name = "random";
    readonly hasWorld = false;

    constructor(readonly version: string) {}

    configure(): void {
        // The provider has no settings.
    }

    configReplaces(): string[] {
        return [];
    }

    knows(type: string): boolean {
        return type in KINDS;
    }

    check({ type, news }: CheckArgs): Checked {
        if (!KINDS[type]) {
            const reason = `the stand-in makes no ${type}; it makes ${RANDOM_TYPES.join(", ")}.`;
            return { inputs: news, failures: [{ property: "", reason }] };
        }
        const inputs = { ...KINDS[type].defaults, ...news };
        // `number` is the older spelling of `numeric`; both are reported.
        if (news.number !== undefined && news.numeric === undefined) inputs.numeric = news.number;
        return { inputs, failures: [] };
    }

    /** Each argument went into the value, so each replaces it; keepers are there for nothing else. */
    replacing({ found }: DiffArgs): string[] {
        return [...new Set(found.map((change) => String(change.path[0])))];
    }

    deleteBeforeReplace(): boolean {
        return false;
    }

    create({ type, inputs }: CreateArgs): Created {
        const kind = KINDS[type];
        if (!kind) throw new Error(`The stand-in for the random provider makes no ${type}.`);
        const { id, outputs } = kind.make(plainObject(inputs));
        for (const key of kind.secrets ?? []) outputs[key] = secret(outputs[key] ?? "");
        return { id, state: { ...inputs, ...outputs } };
    }

    previewCreate({ type, inputs }: CreateArgs): JsonObject {
        const unknowns = (KINDS[type]?.outputs ?? []).map((key) => [
            key,
            KINDS[type]?.secrets?.includes(key) ? secret(UNKNOWN) : UNKNOWN,
        ]);
        return { ...inputs, ...(Object.fromEntries(unknowns) as JsonObject) };
    }

    update({ inputs, state }: UpdateArgs): JsonObject {
        return { ...state, ...inputs };
    }

    previewUpdate(args: UpdateArgs): JsonObject {
        return this.update(args);
    }

    inputsOf(_type: string, _state: JsonObject, inputs: JsonObject): JsonObject {
        return inputs;
    }
}
