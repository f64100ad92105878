import { InvalidArgumentError } from "commander";
import type { ShardNode } from "logcaster-model/partitions";

/** A whole number of at least `min`, for a flag. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
    return (text: string): number => {
        const value = Number(text);
        if (text.trim() !== "" && Number.isSafeInteger(value) && value >= min && value <= max) {
            return value;
        }
        const limit =
            max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`;
        throw new InvalidArgumentError(`A whole number ${limit} is allowed.`);
    };
}

/** `NAME=URL[,zone=Z][,weight=N][,replica=URL]...`, collected over repeated flags. */
export function shardFlag(text: string, earlier: ShardNode[] = []): ShardNode[] {
    const [head, ...rest] = text.split(",");
    const separator = head!.indexOf("=");
    const name = head!.slice(0, separator);
    const url = head!.slice(separator + 1);
    if (separator < 1 || !isRedisUrl(url)) {
        throw new InvalidArgumentError(
            "NAME=redis://HOST:PORT is allowed, with ,zone=Z ,weight=N ,replica=URL after it.",
        );
    }
    const replicas: string[] = [];
    let zone: string | undefined;
    let weight = 1;
    for (const part of rest) {
        const value = part.slice(part.indexOf("=") + 1);
        if (part.startsWith("zone=")) zone = value;
        else if (part.startsWith("weight=")) weight = wholeNumber(1)(value);
        else if (part.startsWith("replica=") && isRedisUrl(value)) replicas.push(value);
        else throw new InvalidArgumentError(`"${part}" is none of zone=Z, weight=N, replica=URL.`);
    }
    const node = {
        name,
        weight,
        url,
        ...(zone === undefined ? {} : { zone }),
        ...(replicas.length > 0 ? { replicas } : {}),
    };
    return [...earlier, node];
}

function isRedisUrl(text: string): boolean {
    return /^rediss?:\/\/.+/.test(text) && URL.canParse(text);
}

/** Names of a repeated flag. */
export function collect(text: string, earlier: string[] = []): string[] {
    return [...earlier, text];
}
