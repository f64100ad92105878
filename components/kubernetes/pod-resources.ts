import type { input } from "@pulumi/kubernetes/types";

/** What a container asks for. Its memory is also its limit, since memory cannot be taken back; CPU has none. */
export function podResources(
    cpuRequestMilli: number,
    memoryMebibytes: number,
): input.core.v1.ResourceRequirements {
    const memory = `${memoryMebibytes}Mi`;
    return { requests: { cpu: `${cpuRequestMilli}m`, memory }, limits: { memory } };
}
