import type { Policy } from "../world";

/** Several policies on one group: the largest wish to grow wins; without one, the smallest wish to shrink. */
export function together(name: string, policies: readonly Policy[]): Policy {
    return {
        name,
        deployable: policies[0]?.deployable ?? "aws",
        start: (world) => {
            const decides = policies.map((policy) => policy.start(world));
            return (view) => {
                const wishes = decides.map((decide) => decide(view));
                const most = Math.max(...wishes);
                return most > view.desired ? most : Math.min(...wishes);
            };
        },
    };
}
