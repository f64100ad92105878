import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A value as JSON, which is how Pulumi's property values travel (sentinels included). */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** The key that marks an object as one of Pulumi's special values, and the value that says "secret". */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
export const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
export const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The sentinel of an unknown string; the engine uses it for every kind of unknown that an SDK sends. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<Json> = new Set([
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
    "030794c1-ac77-496b-92df-f27374a8bd58", // asset
    "e48ece36-62e2-4504-bad9-02848725956a", // archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

export function isObject(value: Json | undefined): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: Json | undefined): boolean {
    return UNKNOWNS.has(value as Json);
}

/** A value that the engine encrypts in its state. */
export type Secret = JsonObject & { value: Json };

export function isSecret(value: Json | undefined): value is Secret {
    return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

export function secret(value: Json): Json {
    return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** True if the value is or holds an unknown. */
export function holdsUnknown(value: Json | undefined): boolean {
    if (isUnknown(value)) return true;
    if (Array.isArray(value)) return value.some(holdsUnknown);
    return isObject(value) && Object.values(value).some(holdsUnknown);
}

/** True if the value is or holds a secret. */
export function holdsSecret(value: Json | undefined): boolean {
    if (isSecret(value)) return true;
    if (Array.isArray(value)) return value.some(holdsSecret);
    return isObject(value) && Object.values(value).some(holdsSecret);
}

/** The value with every secret and output wrapper taken off; a resource reference becomes its id. */
export function plain(value: Json): Json {
    if (Array.isArray(value)) return value.map(plain);
    if (!isObject(value)) return value;
    switch (value[SIGNATURE_KEY]) {
        case SECRET_SIGNATURE:
            return plain(value.value ?? null);
        case OUTPUT_SIGNATURE:
            return "value" in value ? plain(value.value ?? null) : UNKNOWN;
        case RESOURCE_SIGNATURE:
            return value.id ?? value.urn ?? null;
        default:
            return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
    }
}

export function plainObject(value: JsonObject): JsonObject {
    return plain(value) as JsonObject;
}

/** A protobuf Struct as JSON; an absent one is empty. */
export function fromStruct(struct: Struct | undefined): JsonObject {
    return (struct?.toJavaScript() ?? {}) as JsonObject;
}

/** JSON as a protobuf Struct; properties that are undefined are left out. */
export function toStruct(value: { [key: string]: Json | undefined }): Struct {
    return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as JsonObject);
}
