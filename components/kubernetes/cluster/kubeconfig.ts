/** A kubeconfig in which the caller's AWS role logs in by a token of 15 minutes; nothing in it is secret. */
export function kubeconfigOf(cluster: {
    readonly name: string;
    readonly region: string;
    readonly server: string;
    /** Base64 of the cluster's certificate authority. */
    readonly certificateAuthority: string;
}): string {
    const { name, region, server, certificateAuthority } = cluster;
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            { name, cluster: { server, "certificate-authority-data": certificateAuthority } },
        ],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
        users: [
            {
                name,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: ["eks", "get-token", "--cluster-name", name, "--region", region],
                        interactiveMode: "Never",
                    },
                },
            },
        ],
    });
}
