const ISO =
    /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:(Z|UTC)|([+-])(\d{2}):?(\d{2}))?$/i;

/** Seconds since 1970 stay below this until the year 5138; larger numbers are milliseconds. */
const MILLISECONDS_FROM = 1e11;

/**
 * Milliseconds since 1970 of ISO 8601 (without an offset: UTC), of seconds or of milliseconds since 1970; undefined for
 * anything else, a 30th of February included. Written out because a file may have ten million of them.
 */
export function parseTime(text: string): number | undefined {
    if (/^\d+(\.\d+)?$/.test(text)) {
        const number = Number(text);
        return number < MILLISECONDS_FROM ? number * 1000 : number;
    }
    const match = ISO.exec(text);
    if (!match) return undefined;
    const [, year, month, day, hour, minute, second = "0", fraction = "0", , sign, oh, om] = match;
    const utcMs = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second);
    const date = new Date(utcMs);
    if (date.getUTCDate() !== +day! || date.getUTCHours() !== +hour! || +minute! > 59) {
        return undefined;
    }
    const offsetMs = sign ? (sign === "-" ? -1 : 1) * (+oh! * 60 + +om!) * 60_000 : 0;
    return utcMs + Math.trunc(Number(`0.${fraction}`) * 1000) - offsetMs;
}
