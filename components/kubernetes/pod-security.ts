import type { input } from "@pulumi/kubernetes/types";

/** Of a pod: an ordinary user and group, to whom its volumes belong, and the run time's own list of system calls. */
export function ordinaryUser(id: number): input.core.v1.PodSecurityContext {
    return {
        runAsNonRoot: true,
        runAsUser: id,
        runAsGroup: id,
        fsGroup: id,
        seccompProfile: { type: "RuntimeDefault" },
    };
}

/** Of a container: it never gets more rights than it has, which are none, and writes only to its volumes. */
export function closedContainer(): input.core.v1.SecurityContext {
    return {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
    };
}
