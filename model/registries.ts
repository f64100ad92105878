/** Container registries that are frozen or gone, with what took their place. */
export const RETIRED_REGISTRIES: Readonly<Record<string, string>> = Object.freeze({
    "k8s.gcr.io":
        "registry.k8s.io (frozen since 2023-04-03, https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement)",
    "gcr.io/google-containers": "registry.k8s.io",
    "gcr.io/google_containers": "registry.k8s.io",
    "quay.io/coreos": "the project's own registry",
});

/** What is allowed instead of an image that no cluster should pull, or undefined where it is fine. */
export function refusedImage(image: string): string | undefined {
    if (image === "") return "an image by digest or tag";
    const retired = registryOf(image, Object.keys(RETIRED_REGISTRIES));
    return retired && `an image of ${RETIRED_REGISTRIES[retired]}`;
}

/** The one of `registries` that an image, or a text that names a repository, is of. */
export function registryOf(image: string, registries: readonly string[]): string | undefined {
    return registries.find((registry) => image === registry || image.startsWith(`${registry}/`));
}
