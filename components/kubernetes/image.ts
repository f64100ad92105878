/** Registries that are frozen or gone, with what took their place. */
const RETIRED: Readonly<Record<string, string>> = {
    "k8s.gcr.io":
        "registry.k8s.io (frozen since 2023-04-03, https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement)",
    "gcr.io/google-containers": "registry.k8s.io",
    "gcr.io/google_containers": "registry.k8s.io",
    "quay.io/coreos": "the project's own registry",
};

/** What is allowed instead of an image that no cluster should pull, or undefined where it is fine. */
export function refusedImage(image: string): string | undefined {
    if (image === "") return "an image by digest or tag";
    const retired = Object.keys(RETIRED).find((registry) => image.startsWith(`${registry}/`));
    return retired && `an image of ${RETIRED[retired]}`;
}
