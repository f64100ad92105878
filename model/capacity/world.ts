/** What a scaling policy acts on: load over time, and a fleet that takes time to grow. */

/** Load at even steps; a sample holds until the next. */
export interface Load {
    /** Wall-clock time of the first sample, milliseconds since 1970 UTC. */
    readonly startMs: number;
    readonly stepMs: number;
    /** Amount of the unit that is there at once: connections, or requests a second. */
    readonly values: Float64Array;
}

/** Purchase options of a group, as a mixed instances policy states them. */
export interface SpotMix {
    readonly onDemandBase: number;
    readonly onDemandPercentAboveBase: number;
    /** Interruptions an hour that one spot instance meets on average. */
    readonly interruptionsPerHour: number;
    /** A number in [0, 1) for each question asked, from the caller: the model has no chance of its own. */
    readonly random: () => number;
}

/** Nodes under pods: pods wait for a node, and nodes are what is paid for. */
export interface NodePool {
    readonly podsPerNode: number;
    /** Fewest nodes; what the cluster autoscaler never takes away. */
    readonly min: number;
    readonly bootMs: number;
}

export interface World {
    readonly load: Load;
    /** Amount of the load's unit one instance or pod carries. */
    readonly capacityPerInstance: number;
    readonly min: number;
    readonly max: number;
    readonly initial: number;
    /** From the request for an instance to the moment it takes load. */
    readonly bootMs: number;
    /** How long an instance that is let go is still paid for; it takes no load meanwhile. */
    readonly drainMs: number;
    readonly spot?: SpotMix;
    readonly nodes?: NodePool;
}

/** What a policy may know at a moment. The simulator reuses the object: copy what must last. */
export interface View {
    /** Milliseconds since the start of the load. */
    nowMs: number;
    /** Index of the newest sample that metrics show; earlier ones are known too, later ones are not. */
    seen: number;
    /** Load that metrics show. */
    load: number;
    /** Instances that take load. */
    ready: number;
    /** Instances that boot or wait for a node. */
    booting: number;
    /** Instances asked for. */
    desired: number;
}

/** Answers, at each tick, how many instances there should be; the simulator keeps it inside min and max. */
export type Decide = (view: View) => number;

/** Where a policy could run: what it needs exists on AWS or Kubernetes, or only in this simulator. */
export type Deployable = "aws" | "kubernetes" | "only simulated";

export interface Policy {
    readonly name: string;
    readonly deployable: Deployable;
    readonly start: (world: World) => Decide;
}

/** The sample that holds at `ms` since the start; the last one from the end on. */
export function sampleAt(load: Load, ms: number): number {
    return Math.max(0, Math.min(load.values.length - 1, Math.floor(ms / load.stepMs)));
}
