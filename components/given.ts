/** Arguments without those that were given as undefined: they would hide the defaults. */
export function given<T extends object>(args: T): T {
    return Object.fromEntries(Object.entries(args).filter(([, v]) => v !== undefined)) as T;
}
