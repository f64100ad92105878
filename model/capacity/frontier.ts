/** Cost against overload: which policies are worth considering, and how far another lies from them. */
export interface Point {
    readonly cost: number;
    /** Share of time overloaded, percent. */
    readonly overloadedPercent: number;
}

/** The points that no other point beats in cost and overload at once, cheapest first. */
export function frontier<T extends Point>(points: readonly T[]): T[] {
    const sorted = [...points].sort(
        (a, b) => a.cost - b.cost || a.overloadedPercent - b.overloadedPercent,
    );
    let best = Infinity;
    return sorted.filter((point) => {
        if (point.overloadedPercent >= best) return false;
        best = point.overloadedPercent;
        return true;
    });
}

/**
 * Cost at which the frontier, straight between its points, reaches an overload; Infinity where none of it is that low.
 * @param edge points as `frontier` orders them, at least one
 */
export function costAt(edge: readonly Point[], overloadedPercent: number): number {
    let left = edge[0] as Point;
    if (overloadedPercent >= left.overloadedPercent) return left.cost;
    for (const right of edge.slice(1)) {
        if (overloadedPercent >= right.overloadedPercent) {
            const share =
                (left.overloadedPercent - overloadedPercent) /
                (left.overloadedPercent - right.overloadedPercent);
            return left.cost + share * (right.cost - left.cost);
        }
        left = right;
    }
    return Infinity;
}

/** Overload at which the frontier, straight between its points, has a cost; Infinity below its cheapest point. */
export function overloadAt(edge: readonly Point[], cost: number): number {
    let left = edge[0] as Point;
    if (cost < left.cost) return Infinity;
    for (const right of edge.slice(1)) {
        if (cost <= right.cost) {
            const share = (cost - left.cost) / (right.cost - left.cost);
            return (
                left.overloadedPercent + share * (right.overloadedPercent - left.overloadedPercent)
            );
        }
        left = right;
    }
    return left.overloadedPercent;
}

/** Where a point lies against the frontier of others. */
export interface Standing {
    /** Its cost over the frontier's at the same overload; undefined where no other gets that low. */
    readonly costRatio: number | undefined;
    /** Its overload over the frontier's at the same cost; undefined where no other is that cheap or is never overloaded. */
    readonly overloadRatio: number | undefined;
    /** Below the frontier: cheaper at its overload, or less overloaded at its cost than any mix of the others. */
    readonly below: boolean;
}

export function standing(point: Point, others: readonly Point[]): Standing {
    const edge = frontier(others);
    const cost = costAt(edge, point.overloadedPercent);
    const overload = overloadAt(edge, point.cost);
    const costRatio = cost === Infinity ? undefined : point.cost / cost;
    const overloadRatio =
        overload === Infinity || overload === 0 ? undefined : point.overloadedPercent / overload;
    return { costRatio, overloadRatio, below: (costRatio ?? 0) < 1 && (overloadRatio ?? 0) < 1 };
}
