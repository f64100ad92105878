import { CAPACITY, HOUR_MS } from "./defaults";
import type { NodePool, World } from "./world";

/** Instances that change state at the same moment. */
interface Cohort {
    atMs: number;
    count: number;
}

/** Instances asked for, booting, serving and draining, and what they cost. Pure state: time comes in with each call. */
export class Fleet {
    ready: number;
    private readonly booting: Cohort[] = [];
    private readonly draining: Cohort[] = [];
    private readonly leaving: Cohort[] = [];
    /** Pods that no node has room for. */
    private waiting = 0;
    private nodes = 0;
    private readonly nodesBooting: Cohort[] = [];
    private nodesIdleSinceMs = -1;
    onDemandHours = 0;
    spotHours = 0;
    interruptions = 0;

    constructor(private readonly world: World) {
        this.ready = world.initial;
        if (world.nodes) this.nodes = this.nodesFor(world.initial, world.nodes);
    }

    get starting(): number {
        return this.waiting + count(this.booting);
    }

    /** Asks for `wanted` instances: new ones boot, surplus ones leave, those that do not serve yet first. */
    resize(wanted: number, nowMs: number): void {
        let surplus = this.ready + this.starting - wanted;
        if (surplus < 0) this.launch(-surplus, nowMs);
        if (surplus <= 0) return;
        const cancelled = Math.min(surplus, this.waiting);
        this.waiting -= cancelled;
        surplus -= cancelled;
        while (surplus > 0 && this.booting.length > 0) {
            const youngest = this.booting[this.booting.length - 1] as Cohort;
            const taken = Math.min(surplus, youngest.count);
            youngest.count -= taken;
            surplus -= taken;
            if (youngest.count === 0) this.booting.pop();
        }
        if (surplus === 0) return;
        this.ready -= surplus;
        this.draining.push({ atMs: nowMs + this.world.drainMs, count: surplus });
    }

    private launch(wanted: number, nowMs: number): void {
        const room = this.roomOnNodes();
        const placed = Math.min(wanted, room);
        this.waiting += wanted - placed;
        if (placed > 0) this.booting.push({ atMs: nowMs + this.world.bootMs, count: placed });
    }

    private roomOnNodes(): number {
        const { nodes } = this.world;
        if (!nodes) return Infinity;
        return (
            this.nodes * nodes.podsPerNode - this.ready - count(this.booting) - count(this.draining)
        );
    }

    /** Lets `elapsedMs` pass up to `nowMs`: pays, finishes boots and drains, interrupts spot instances, moves nodes. */
    pass(nowMs: number, elapsedMs: number): void {
        this.pay(elapsedMs);
        this.ready += due(this.booting, nowMs);
        due(this.draining, nowMs);
        this.ready = Math.max(0, this.ready - due(this.leaving, nowMs));
        this.interrupt(nowMs, elapsedMs);
        this.moveNodes(nowMs);
    }

    private pay(elapsedMs: number): void {
        const { nodes, spot } = this.world;
        const paid = nodes
            ? this.nodes + count(this.nodesBooting)
            : this.ready + count(this.booting) + count(this.draining);
        const onDemand = spot ? onDemandOf(paid, spot) : paid;
        this.onDemandHours += (onDemand * elapsedMs) / HOUR_MS;
        this.spotHours += ((paid - onDemand) * elapsedMs) / HOUR_MS;
    }

    /** An interrupted instance serves until its notice ends; rebalancing asks for its replacement at once. */
    private interrupt(nowMs: number, elapsedMs: number): void {
        const { spot } = this.world;
        if (!spot || spot.interruptionsPerHour === 0) return;
        const staying = this.ready - count(this.leaving);
        const exposed = staying - onDemandOf(staying, spot);
        if (exposed <= 0) return;
        const perHour = exposed * spot.interruptionsPerHour;
        if (spot.random() >= 1 - Math.exp((-perHour * elapsedMs) / HOUR_MS)) return;
        this.interruptions++;
        this.leaving.push({ atMs: nowMs + CAPACITY.spotNoticeMs, count: 1 });
        this.booting.push({ atMs: nowMs + this.world.bootMs, count: 1 });
    }

    /** Instances whose notice of interruption runs: they serve, and count as gone for the wanted number. */
    get noticed(): number {
        return count(this.leaving);
    }

    private nodesFor(pods: number, { podsPerNode, min }: NodePool): number {
        return Math.max(min, Math.ceil(pods / podsPerNode));
    }

    private moveNodes(nowMs: number): void {
        const { nodes, bootMs } = this.world;
        if (!nodes) return;
        this.nodes += due(this.nodesBooting, nowMs);
        const placed = Math.min(this.waiting, Math.max(0, this.roomOnNodes()));
        if (placed > 0) {
            this.waiting -= placed;
            this.booting.push({ atMs: nowMs + bootMs, count: placed });
        }
        const pods = this.ready + this.starting + count(this.draining);
        const needed = this.nodesFor(pods, nodes);
        const have = this.nodes + count(this.nodesBooting);
        if (needed > have) {
            // Found at the autoscaler's next scan.
            const atMs = nowMs + CAPACITY.nodeScanMs + nodes.bootMs;
            this.nodesBooting.push({ atMs, count: needed - have });
        }
        if (needed >= this.nodes) this.nodesIdleSinceMs = -1;
        else if (this.nodesIdleSinceMs < 0) this.nodesIdleSinceMs = nowMs;
        else if (nowMs - this.nodesIdleSinceMs >= CAPACITY.nodeIdleMs) {
            this.nodes = needed;
            this.nodesIdleSinceMs = -1;
        }
    }
}

/** On-demand instances among `total`, as a mixed instances policy rounds them: up. */
export function onDemandOf(
    total: number,
    mix: { onDemandBase: number; onDemandPercentAboveBase: number },
): number {
    const above = Math.max(0, total - mix.onDemandBase);
    return (
        Math.min(total, mix.onDemandBase) + Math.ceil((above * mix.onDemandPercentAboveBase) / 100)
    );
}

function count(cohorts: readonly Cohort[]): number {
    let sum = 0;
    for (const cohort of cohorts) sum += cohort.count;
    return sum;
}

/** Removes the cohorts whose moment has come and says how many instances they were. */
function due(cohorts: Cohort[], nowMs: number): number {
    let sum = 0;
    for (let i = 0; i < cohorts.length;) {
        const cohort = cohorts[i] as Cohort;
        if (cohort.atMs > nowMs) i++;
        else {
            sum += cohort.count;
            cohorts.splice(i, 1);
        }
    }
    return sum;
}
