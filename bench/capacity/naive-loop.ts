import { CAPACITY, type World } from "../../model/capacity";

/** The straightforward simulation: one object an instance, and the HPA's formula with a window over all past wishes. */
export function naiveLoop(world: World, targetPercent: number): number {
    const instances: { readyMs: number }[] = Array.from({ length: world.initial }, () => ({
        readyMs: 0,
    }));
    const wishes: { atMs: number; size: number }[] = [];
    const endMs = world.load.values.length * world.load.stepMs;
    let overloadedMs = 0;
    for (let nowMs = 0; nowMs < endMs; nowMs += CAPACITY.tickMs) {
        const load = world.load.values[Math.floor(nowMs / world.load.stepMs)] ?? 0;
        const ready = instances.filter(({ readyMs }) => readyMs <= nowMs).length;
        if (load > ready * world.capacityPerInstance) overloadedMs += CAPACITY.tickMs;
        const size = Math.ceil((100 * load) / (targetPercent * world.capacityPerInstance));
        wishes.push({ atMs: nowMs, size });
        const recent = wishes.filter(({ atMs }) => atMs > nowMs - CAPACITY.cooldownMs);
        wishes.splice(0, wishes.length - recent.length);
        const wanted = Math.min(world.max, Math.max(world.min, ...recent.map((wish) => wish.size)));
        while (instances.length < wanted) instances.push({ readyMs: nowMs + world.bootMs });
        while (instances.length > wanted) instances.pop();
    }
    return overloadedMs;
}
