import { RETIRED_REGISTRIES, registryOf } from "logcaster-model/registries";

/** What is allowed instead of an image that no cluster should pull, or undefined where it is fine. */
export function refusedImage(image: string): string | undefined {
    if (image === "") return "an image by digest or tag";
    const retired = registryOf(image, Object.keys(RETIRED_REGISTRIES));
    return retired && `an image of ${RETIRED_REGISTRIES[retired]}`;
}
