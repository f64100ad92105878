/** On-demand prices of the fleet's instance types, USD an hour, and what spot saves on average, percent. Data; see sources.ts. */

/** The order of the columns; a row that ends early knows no price beyond. */
export const PRICED_REGIONS = [
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
] as const;

interface InstancePrices {
    readonly usd: readonly (number | null)[];
    readonly savings?: readonly (number | null)[];
}

// prettier-ignore
export const INSTANCE_PRICES: Readonly<Record<string, InstancePrices>> = {
    "c6in.large": { usd: [0.1134, 0.1134, 0.1281, 0.12915, 0.1428, 0.1281, 0.1302], savings: [61, 64, 55, 67, 67, 67, 62] },
    "c8in.large": { usd: [0.13608] },
    "c8ine.large": { usd: [0.1701] },
    "c8ib.large": { usd: [0.13608] },
    "c8i.large": { usd: [0.09371] },
    "c8a.large": { usd: [0.10777] },
    "c8id.large": { usd: [0.11088] },
    "c7i.large": { usd: [0.08925], savings: [66, 67, 54, 74, 66, 70, 57] },
    "c7a.large": { usd: [0.10264], savings: [69, 65, 56, 69, 59, null, null] },
    "c6i.large": { usd: [0.085], savings: [63, 63, 54, 67, 66, 66, 54] },
    "c6a.large": { usd: [0.0765], savings: [62, 68, 52, 65, 64, null, 58] },
    "c6id.large": { usd: [0.1008], savings: [52, 71, 56, 70, 67, 69, 66] },
    "c5d.large": { usd: [0.096], savings: [57, 67, 54, 63, 58, 67, 61] },
    "t3.medium": { usd: [0.0416], savings: [56, 65, 56, 60, 66, 65, 56] },
    "t3a.medium": { usd: [0.0376], savings: [68, 64, 56, 59, 54, 59, 59] },
    "t2.medium": { usd: [0.0464], savings: [64, 72, 56, 68, 68, 75, 65] },
    "m6in.xlarge": { usd: [0.27846, 0.27846, 0.31122, 0.32994, 0.35802, 0.33696, 0.34164], savings: [56, 61, 48, 65, 65, null, 60] },
    "m6idn.xlarge": { usd: [0.31824], savings: [53, 69, 54, 71, 62, null, 70] },
    "m8azn.xlarge": { usd: [0.41292] },
    "m8ib.xlarge": { usd: [0.33416] },
    "m8idb.xlarge": { usd: [0.38188] },
    "m8in.xlarge": { usd: [0.33416] },
    "m8idn.xlarge": { usd: [0.38188] },
    "m8ine.xlarge": { usd: [0.4177] },
    "m5zn.xlarge": { usd: [0.3303], savings: [48, 60, 52, 35, 54, 62, 39] },
    "m8i.xlarge": { usd: [0.21168] },
    "m8a.xlarge": { usd: [0.24344] },
    "m8id.xlarge": { usd: [0.26104] },
    "m7i.xlarge": { usd: [0.2016], savings: [53, 57, 53, 57, 60, 69, 60] },
    "m7a.xlarge": { usd: [0.23184], savings: [62, 65, 55, 55, 61, null, null] },
    "m6id.xlarge": { usd: [0.2373], savings: [65, 68, 54, 65, 66, 72, 63] },
    "m6a.xlarge": { usd: [0.1728], savings: [57, 60, 54, 54, 57, null, 50] },
    "m6in.4xlarge": { usd: [1.11384, 1.11384, 1.24488, 1.31976, 1.43208, 1.34784, 1.36656], savings: [44, 62, 53, 57, 62, null, 43] },
    "m6idn.4xlarge": { usd: [1.27296], savings: [40, 67, 52, 64, 66, null, 62] },
    "m8ib.4xlarge": { usd: [1.33664] },
    "m8idb.4xlarge": { usd: [1.52752] },
    "m8in.4xlarge": { usd: [1.33664] },
    "m8idn.4xlarge": { usd: [1.52752] },
    "m8ine.4xlarge": { usd: [1.6708] },
    "m8i.4xlarge": { usd: [0.84672] },
    "m8a.4xlarge": { usd: [0.97376] },
    "m8id.4xlarge": { usd: [1.04416] },
    "m7i.4xlarge": { usd: [0.8064], savings: [52, 54, 46, 50, 63, 70, 56] },
    "m7a.4xlarge": { usd: [0.92736], savings: [60, 63, 53, 59, 62, null, null] },
    "m6id.4xlarge": { usd: [0.9492], savings: [67, 63, 56, 63, 66, 67, 63] },
    "m6a.4xlarge": { usd: [0.6912], savings: [54, 55, 53, 51, 59, null, 53] },
    "m6in.8xlarge": { usd: [2.22768, 2.22768, 2.48976, 2.63952, 2.86416, 2.69568, 2.73312], savings: [46, 62, 45, 60, 61, null, 53] },
    "m6idn.8xlarge": { usd: [2.54592], savings: [57, 56, 57, 74, 58, null, 79] },
    "m8ib.8xlarge": { usd: [2.67328] },
    "m8idb.8xlarge": { usd: [3.05504] },
};

/** Nodes of ElastiCache, USD an hour, by engine and node type. */
// prettier-ignore
export const NODE_PRICES: readonly (readonly [engine: string, nodeType: string, usd: readonly (number | null)[]])[] = [
    ["valkey", "cache.t4g.micro", [0.0128, 0.0128, 0.0136, 0.0144, 0.02, 0.0192, 0.0192]],
    ["valkey", "cache.t4g.small", [0.0256, 0.0256, 0.0272, 0.0288, 0.0392, 0.0376, 0.0384]],
    ["valkey", "cache.t4g.medium", [0.052, 0.052, 0.0544, 0.0576, 0.0784, 0.0752, 0.076]],
    ["valkey", "cache.m7g.large", [0.1264, 0.1264, 0.1392, 0.1504, 0.1616, 0.1536, 0.1576]],
    ["valkey", "cache.m7g.xlarge", [0.252, 0.252, 0.2776, 0.3, 0.324, 0.308, 0.3136]],
    ["valkey", "cache.m7g.2xlarge", [0.5032, 0.5032, 0.5544, 0.5992, 0.648, 0.616, 0.6264]],
    ["valkey", "cache.r7g.large", [0.1752, 0.1752, 0.1944, 0.2104, 0.2104, 0.2096, 0.2104]],
    ["valkey", "cache.r7g.xlarge", [0.3496, 0.3496, 0.3896, 0.42, 0.4192, 0.4176, 0.42]],
    ["valkey", "cache.r7g.2xlarge", [0.6984, 0.6984, 0.7792, 0.84, 0.8376, 0.836, 0.8384]],
    ["redis", "cache.t4g.micro", [0.016, 0.016, 0.017, 0.018, 0.025, 0.024, 0.024]],
    ["redis", "cache.t4g.small", [0.032, 0.032, 0.034, 0.036, 0.049, 0.047, 0.048]],
    ["redis", "cache.t4g.medium", [0.065, 0.065, 0.068, 0.072, 0.098, 0.094, 0.095]],
    ["redis", "cache.m7g.large", [0.158, 0.158, 0.174, 0.188, 0.202, 0.192, 0.197]],
    ["redis", "cache.m7g.xlarge", [0.315, 0.315, 0.347, 0.375, 0.405, 0.385, 0.392]],
    ["redis", "cache.m7g.2xlarge", [0.629, 0.629, 0.693, 0.749, 0.81, 0.77, 0.783]],
    ["redis", "cache.r7g.large", [0.219, 0.219, 0.243, 0.263, 0.263, 0.262, 0.263]],
    ["redis", "cache.r7g.xlarge", [0.437, 0.437, 0.487, 0.525, 0.524, 0.522, 0.525]],
    ["redis", "cache.r7g.2xlarge", [0.873, 0.873, 0.974, 1.05, 1.047, 1.045, 1.048]],
];
