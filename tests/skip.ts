import type { Context } from "mocha";

/** Skips the running test or the suite whose `before` calls it; the reporter prints the reason. */
export function skip(context: Context, reason: string): never {
    const suite = context.test?.parent;
    for (const runnable of [context.currentTest, context.test, suite]) {
        if (runnable) Object.assign(runnable, { skipReason: reason });
    }
    return context.skip();
}
