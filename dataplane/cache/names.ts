/** Names in L2. A key's value and lease share a slot: the key is the hash tag, with its braces escaped. */
export class Names {
    constructor(private readonly prefix: string) {}

    /** What invalidations are heard of: values and tags, not leases. */
    get watched(): readonly string[] {
        return [`${this.prefix}v:`, `${this.prefix}t:`];
    }

    get channel(): string {
        return `${this.prefix}invalidate`;
    }

    value(key: string): string {
        return `${this.prefix}v:{${escape(key)}}`;
    }

    /** What a watched name names, or undefined for a foreign one. */
    parse(name: string): { kind: "value" | "tag"; id: string } | undefined {
        for (const [kind, start] of [
            ["value", `${this.prefix}v:{`],
            ["tag", `${this.prefix}t:{`],
        ] as const) {
            if (name.startsWith(start) && name.endsWith("}")) {
                return { kind, id: unescape(name.slice(start.length, -1)) };
            }
        }
        return undefined;
    }

    lease(key: string): string {
        return `${this.prefix}l:{${escape(key)}}`;
    }

    tag(tag: string): string {
        return `${this.prefix}t:{${escape(tag)}}`;
    }
}

/** Injective: two keys never share a name. */
function escape(key: string): string {
    return /[%{}]/.test(key)
        ? key.replaceAll("%", "%25").replaceAll("{", "%7B").replaceAll("}", "%7D")
        : key;
}

function unescape(name: string): string {
    return name.includes("%")
        ? name.replaceAll("%7B", "{").replaceAll("%7D", "}").replaceAll("%25", "%")
        : name;
}
