import type { Recorded } from "./recorder";

/** Services without regions: their resources take no `region`. */
const GLOBAL = /^aws:(iam|route53)\//;

/** The resources of AWS that are not where they should be: without a region, or in another. */
export function misplaced(resources: readonly Recorded[], region: string): string[] {
    return resources
        .filter((r) => r.type.startsWith("aws:") && !GLOBAL.test(r.type))
        .filter((r) => r.inputs.region !== region)
        .map((r) => `${r.type} ${r.name}: ${r.inputs.region}`);
}

/** The custom resources whose parent is not the one component. */
export function orphans(resources: readonly Recorded[], component: string): string[] {
    const urn = resources.find((r) => !r.custom && r.name === component)?.urn;
    return resources
        .filter((r) => r.custom && (urn === undefined || r.parent !== urn))
        .map((r) => `${r.type} ${r.name}`);
}

/** Logical names of a type, sorted. */
export function names(resources: readonly Recorded[], type: string): string[] {
    return resources
        .filter((r) => r.type === type)
        .map((r) => r.name)
        .sort();
}

/** The URN's last part of everything a resource depends on. */
export function dependsOn(resource: Recorded): string[] {
    return resource.opts.dependencies.map((urn) => urn.split("::").slice(-2).join("::")).sort();
}
