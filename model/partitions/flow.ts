/** A minimum-cost flow in a small network; costs are 0 or 1, capacities whole numbers. */
export class FlowNetwork {
    private readonly heads: number[] = [];
    private readonly free: number[] = [];
    private readonly costs: number[] = [];
    private readonly edgesOf: number[][];

    constructor(private readonly vertices: number) {
        this.edgesOf = Array.from({ length: vertices }, () => []);
    }

    /** Adds an edge and answers its id. */
    connect(from: number, to: number, capacity: number, cost: 0 | 1): number {
        const id = this.heads.length;
        this.heads.push(to, from);
        this.free.push(capacity, 0);
        this.costs.push(cost, -cost);
        this.edgesOf[from]!.push(id);
        this.edgesOf[to]!.push(id + 1);
        return id;
    }

    /** Units that flow through an edge. */
    flowOf(edge: number): number {
        return this.free[edge ^ 1]!;
    }

    /** Sends as much as fits, at the least cost, by successive shortest paths; answers the amount. */
    send(source: number, sink: number): number {
        let sent = 0;
        for (;;) {
            const arrivedBy = this.shortestPaths(source);
            if (arrivedBy[sink] === -1) return sent;
            // Every path of ours starts with an edge of a partition's demand: one unit at a time.
            for (let at = sink; at !== source;) {
                const edge = arrivedBy[at]!;
                this.free[edge]! -= 1;
                this.free[edge ^ 1]! += 1;
                at = this.heads[edge ^ 1]!;
            }
            sent++;
        }
    }

    /** The edge by which each vertex is reached most cheaply (Bellman-Ford with a queue), or -1. */
    private shortestPaths(source: number): Int32Array {
        const distance = new Float64Array(this.vertices).fill(Infinity);
        const arrivedBy = new Int32Array(this.vertices).fill(-1);
        const queued = new Uint8Array(this.vertices);
        const queue = [source];
        distance[source] = 0;
        for (let next = 0; next < queue.length; next++) {
            const from = queue[next]!;
            queued[from] = 0;
            for (const edge of this.edgesOf[from]!) {
                const to = this.heads[edge]!;
                const through = distance[from]! + this.costs[edge]!;
                if (this.free[edge] === 0 || through >= distance[to]!) continue;
                distance[to] = through;
                arrivedBy[to] = edge;
                if (queued[to] === 0) queue.push(to);
                queued[to] = 1;
            }
        }
        return arrivedBy;
    }
}
