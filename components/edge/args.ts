import type * as pulumi from "@pulumi/pulumi";

/** How long answers of a path are kept at the edge. */
export interface EdgePathArgs {
    /** Path, with `*` for any text, such as `/api/*`. */
    path: string;
    /** Seconds that an answer is kept where the origin does not say, and at most; 0 keeps none. */
    seconds: number;
}

/** Where the edge is, in CloudFront's words: fewer places cost less. */
export const EdgePlaces = {
    All: "PriceClass_All",
    /** All but South America, Australia and New Zealand. */
    Most: "PriceClass_200",
    /** North America, Europe and Israel. */
    Fewest: "PriceClass_100",
} as const;
export type EdgePlaces = (typeof EdgePlaces)[keyof typeof EdgePlaces];

/** Arguments of EdgeCache. */
export interface EdgeCacheArgs {
    /** Name of the environment, in names that an account shares. */
    environment: string;
    /** Hosted zone of `edgeHost`. */
    zoneId: pulumi.Input<string>;
    /** Name that readers ask. */
    edgeHost: string;
    /** Name that leads to the nearest healthy region, over HTTPS: the one origin. */
    originHost: string;
    /** Certificate for `edgeHost`, in us-east-1. */
    certificateArn: string;
    /** Seconds that an answer is kept where no path says otherwise. Brief 5.1. @default 60 */
    defaultSeconds?: number;
    /** Paths with a time of their own, the first that matches counts. @default /health and /metrics are kept nowhere */
    paths?: EdgePathArgs[];
    /** Filter requests by AWS's managed rules and by their rate. @default true */
    webAcl?: boolean;
    /** Requests of one address in five minutes above which it is refused, with `webAcl`. @default 2000 */
    requestsPerFiveMinutes?: number;
    /** @default PriceClass_All */
    places?: EdgePlaces;
    /** Days that access logs are kept. @default 365 */
    logDays?: number;
    /** Protect the distribution and its logs from deletion by Pulumi. */
    protect: boolean;
}
