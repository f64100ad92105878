/**
 * The vertical tiers of the brief (1.2) and the instance types that reach them. All rows are x86-64, so one machine image
 * fits a whole tier. Figures are what EC2's DescribeInstanceTypes answers (baseline, burst); each row names the
 * page of the instance types guide that publishes them. A baseline holds for ever; a burst to EBS half an hour a day at
 * least, on the network as long as credits last.
 */
export const TIER_NAMES = ["small", "medium", "large", "xlarge"] as const;
export type TierName = (typeof TIER_NAMES)[number];

export interface Tier {
    readonly vcpus: number;
    readonly memoryGiB: number;
    readonly networkGbps: number;
    readonly iops: number;
    /** Size of an instance's volume: image, spool and what the IOPS need (see volumeOf). */
    readonly volumeGiB: number;
    readonly origin: string;
}

const ORIGIN = "brief 1.2";
export const TIERS: Readonly<Record<TierName, Tier>> = {
    small: { vcpus: 2, memoryGiB: 4, networkGbps: 1, iops: 3000, volumeGiB: 50, origin: ORIGIN },
    medium: {
        vcpus: 4,
        memoryGiB: 16,
        networkGbps: 5,
        iops: 10_000,
        volumeGiB: 100,
        origin: ORIGIN,
    },
    large: {
        vcpus: 16,
        memoryGiB: 64,
        networkGbps: 10,
        iops: 30_000,
        volumeGiB: 200,
        origin: ORIGIN,
    },
    xlarge: {
        vcpus: 32,
        memoryGiB: 128,
        networkGbps: 25,
        iops: 60_000,
        volumeGiB: 400,
        origin: ORIGIN,
    },
};

/** What one instance type gives. */
/** Pods of a tier that an instance of the same tier holds: each requests an eighth of its CPU and memory. */
export const PODS_AN_INSTANCE = 8;

export interface InstanceType {
    readonly type: string;
    readonly tier: TierName;
    readonly vcpus: number;
    readonly memoryGiB: number;
    readonly networkGbps: { readonly baseline: number; readonly burst: number };
    /** IOPS of the type's connection to EBS at 16 KiB; null where AWS publishes none (not EBS-optimized). */
    readonly iops: { readonly baseline: number; readonly burst: number } | null;
    /** Taken only where a stack lists it by name: its CPU is burstable too, or it misses a figure. */
    readonly explicitOnly: boolean;
    /** Of the regions in CHECKED_REGIONS, those that do not offer it. */
    readonly notIn: readonly string[];
    /** The documentation page that lists the figures. */
    readonly source: string;
}

const GUIDE = "https://docs.aws.amazon.com/ec2/latest/instancetypes";
const GP = `${GUIDE}/gp.html`;
const CO = `${GUIDE}/co.html`;

const IRELAND = "eu-west-1";
const FRANKFURT = "eu-central-1";
const TOKYO = "ap-northeast-1";
const SEOUL = "ap-northeast-2";
const SINGAPORE = "ap-southeast-1";

/** Regions whose offer the table knows; elsewhere see `aws ec2 describe-instance-type-offerings`. */
export const CHECKED_REGIONS: readonly string[] = [
    "us-east-1",
    "us-west-2",
    IRELAND,
    FRANKFURT,
    TOKYO,
    SEOUL,
    SINGAPORE,
];

type Range = readonly [baseline: number, burst: number];

function row(
    type: string,
    tier: TierName,
    vcpus: number,
    memoryGiB: number,
    network: Range,
    iops: Range | null,
    source: string,
    { notIn = [], explicit = false }: { notIn?: readonly string[]; explicit?: boolean } = {},
): InstanceType {
    const range = ([baseline, burst]: Range) => ({ baseline, burst });
    return {
        type,
        tier,
        vcpus,
        memoryGiB,
        networkGbps: range(network),
        iops: iops && range(iops),
        explicitOnly: explicit,
        notIn,
        source,
    };
}

/** In the order in which on-demand instances are taken: what reaches the tier without bursting comes first. */
// prettier-ignore
export const INSTANCE_TYPES: readonly InstanceType[] = [
    row("c6in.large", "small", 2, 4, [3.125, 25], [6250, 100_000], CO),
    row("c8in.large", "small", 2, 4, [3.125, 25], [3600, 40_000], CO, { notIn: [SEOUL] }),
    row("c8ine.large", "small", 2, 4, [3.125, 3.125], [3600, 40_000], CO, { notIn: [IRELAND, SEOUL, SINGAPORE] }),
    row("c8ib.large", "small", 2, 4, [2.083, 16.667], [7500, 120_000], CO, { notIn: [IRELAND, FRANKFURT, TOKYO, SEOUL, SINGAPORE] }),
    row("c8i.large", "small", 2, 4, [0.937, 12.5], [3600, 40_000], CO),
    row("c8a.large", "small", 2, 4, [0.937, 12.5], [3600, 40_000], CO, { notIn: [SEOUL, SINGAPORE] }),
    row("c8id.large", "small", 2, 4, [0.937, 12.5], [3600, 40_000], CO, { notIn: [IRELAND, SEOUL, SINGAPORE] }),
    row("c7i.large", "small", 2, 4, [0.781, 12.5], [3600, 40_000], CO),
    row("c7a.large", "small", 2, 4, [0.781, 12.5], [3600, 40_000], CO, { notIn: [SEOUL] }),
    row("c6i.large", "small", 2, 4, [0.781, 12.5], [3600, 40_000], CO),
    row("c6a.large", "small", 2, 4, [0.781, 12.5], [3600, 40_000], CO, { notIn: [SEOUL] }),
    row("c6id.large", "small", 2, 4, [0.781, 12.5], [3600, 40_000], CO),
    row("c5d.large", "small", 2, 4, [0.75, 10], [4000, 20_000], CO),
    row("t3.medium", "small", 2, 4, [0.256, 5], [2000, 11_800], GP, { explicit: true }),
    row("t3a.medium", "small", 2, 4, [0.256, 5], [2000, 11_800], GP, { explicit: true }),
    row("t2.medium", "small", 2, 4, [0.256, 1.024], null, GP, { explicit: true }),
    row("m6in.xlarge", "medium", 4, 16, [6.25, 30], [12_500, 100_000], GP),
    row("m6idn.xlarge", "medium", 4, 16, [6.25, 30], [12_500, 100_000], GP),
    row("m8azn.xlarge", "medium", 4, 16, [8.33, 40], [10_000, 60_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m8ib.xlarge", "medium", 4, 16, [4.166, 20], [15_000, 120_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8idb.xlarge", "medium", 4, 16, [4.166, 20], [15_000, 120_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8in.xlarge", "medium", 4, 16, [6.25, 30], [6000, 40_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8idn.xlarge", "medium", 4, 16, [6.25, 30], [6000, 40_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8ine.xlarge", "medium", 4, 16, [6.25, 6.25], [6000, 40_000], GP, { notIn: [IRELAND, FRANKFURT, TOKYO, SEOUL, SINGAPORE] }),
    row("m5zn.xlarge", "medium", 4, 16, [5, 25], [6667, 13_333], GP),
    row("m8i.xlarge", "medium", 4, 16, [1.875, 12.5], [6000, 40_000], GP),
    row("m8a.xlarge", "medium", 4, 16, [1.875, 12.5], [6000, 40_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m8id.xlarge", "medium", 4, 16, [1.875, 12.5], [6000, 40_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m7i.xlarge", "medium", 4, 16, [1.562, 12.5], [6000, 40_000], GP),
    row("m7a.xlarge", "medium", 4, 16, [1.562, 12.5], [6000, 40_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m6id.xlarge", "medium", 4, 16, [1.562, 12.5], [6000, 40_000], GP),
    row("m6a.xlarge", "medium", 4, 16, [1.562, 12.5], [6000, 40_000], GP, { notIn: [SEOUL] }),
    row("m6in.4xlarge", "large", 16, 64, [25, 50], [50_000, 100_000], GP),
    row("m6idn.4xlarge", "large", 16, 64, [25, 50], [50_000, 100_000], GP),
    row("m8ib.4xlarge", "large", 16, 64, [16.666, 33.333], [60_000, 120_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8idb.4xlarge", "large", 16, 64, [16.666, 33.333], [60_000, 120_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8in.4xlarge", "large", 16, 64, [25, 50], [20_000, 40_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8idn.4xlarge", "large", 16, 64, [25, 50], [20_000, 40_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8ine.4xlarge", "large", 16, 64, [25, 25], [20_000, 40_000], GP, { notIn: [IRELAND, FRANKFURT, TOKYO, SEOUL, SINGAPORE] }),
    row("m8i.4xlarge", "large", 16, 64, [7.5, 15], [20_000, 40_000], GP),
    row("m8a.4xlarge", "large", 16, 64, [7.5, 15], [20_000, 40_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m8id.4xlarge", "large", 16, 64, [7.5, 15], [20_000, 40_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m7i.4xlarge", "large", 16, 64, [6.25, 12.5], [20_000, 40_000], GP),
    row("m7a.4xlarge", "large", 16, 64, [6.25, 12.5], [20_000, 40_000], GP, { notIn: [SEOUL, SINGAPORE] }),
    row("m6id.4xlarge", "large", 16, 64, [6.25, 12.5], [20_000, 40_000], GP),
    row("m6a.4xlarge", "large", 16, 64, [6.25, 12.5], [20_000, 40_000], GP, { notIn: [SEOUL] }),
    row("m6in.8xlarge", "xlarge", 32, 128, [50, 50], [100_000, 100_000], GP),
    row("m6idn.8xlarge", "xlarge", 32, 128, [50, 50], [100_000, 100_000], GP),
    row("m8ib.8xlarge", "xlarge", 32, 128, [33.333, 33.333], [120_000, 120_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
    row("m8idb.8xlarge", "xlarge", 32, 128, [33.333, 33.333], [120_000, 120_000], GP, { notIn: [FRANKFURT, SEOUL, SINGAPORE] }),
];

const BY_TYPE = new Map(INSTANCE_TYPES.map((instanceType) => [instanceType.type, instanceType]));

/** The row of an instance type; undefined for a type the table does not know. */
export function instanceType(type: string): InstanceType | undefined {
    return BY_TYPE.get(type);
}

/** The types that a tier uses in a region unless the stack lists its own, in order of preference. */
export function typesOf(tier: TierName, region: string): InstanceType[] {
    return INSTANCE_TYPES.filter(
        (t) => t.tier === tier && !t.explicitOnly && !t.notIn.includes(region),
    );
}

/** Figures of its tier. */
export type Figure = "network" | "iops";

/** The figures of the tier that a type reaches only while it bursts. */
export function burstFigures({ tier, networkGbps, iops }: InstanceType): Figure[] {
    const { networkGbps: network, iops: wanted } = TIERS[tier];
    const found: Figure[] = [];
    if (networkGbps.baseline < network) found.push("network");
    if (!iops || iops.baseline < wanted) found.push("iops");
    return found;
}

/** The figures of the tier that a type does not reach at all; only types that are listed by name may miss one. */
export function missedFigures({ tier, networkGbps, iops }: InstanceType): Figure[] {
    const { networkGbps: network, iops: wanted } = TIERS[tier];
    const found: Figure[] = [];
    if (networkGbps.burst < network) found.push("network");
    if (!iops || iops.burst < wanted) found.push("iops");
    return found;
}

/** Why a stack may not list a type for a tier in a region, as the end of an error message; undefined where it may. */
export function refusal(type: string, tier: TierName, region: string): string | undefined {
    const known = INSTANCE_TYPES.filter((t) => t.tier === tier && !t.notIn.includes(region));
    const list = `types of tier ${tier} in ${region}: ${known.map((t) => t.type).join(", ")}`;
    const found = instanceType(type);
    if (!found) return `${list}; model/instance-types.ts knows the figures of no other`;
    if (found.tier !== tier) {
        return `${list}; ${type} is of tier ${found.tier}, and tiers mixed in one group share load unevenly`;
    }
    return found.notIn.includes(region) ? `${list}; ${region} does not offer ${type}` : undefined;
}

/** EBS volume types that carry the tiers' IOPS. */
export const VOLUME_TYPES = {
    /** Up to 80,000 IOPS and 500 a GiB; 3,000 IOPS and 125 MiB/s are in the price of the size. */
    gp3: {
        maxIops: 80_000,
        maxIopsPerGiB: 500,
        includedIops: 3000,
        includedMiBps: 125,
        source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-optimized.html",
    },
    /** Up to 256,000 IOPS and 1,000 a GiB, every one of them paid, with steadier latency. */
    io2: {
        maxIops: 256_000,
        maxIopsPerGiB: 1000,
        source: "https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html",
    },
} as const;
export type VolumeType = keyof typeof VOLUME_TYPES;

export interface Volume {
    readonly type: VolumeType;
    readonly sizeGiB: number;
    readonly iops: number;
    /** gp3 alone takes a throughput. */
    readonly throughputMiBps?: number;
}

const IO_SIZE_KIB = 16;
const KIB_PER_MIB = 1024;

/** The volume that gives an instance of the tier its IOPS at 16 KiB: large enough for them, with the throughput they move. */
export function volumeOf(tier: TierName, type: VolumeType = "gp3"): Volume {
    const { iops, volumeGiB } = TIERS[tier];
    const sizeGiB = Math.max(volumeGiB, Math.ceil(iops / VOLUME_TYPES[type].maxIopsPerGiB));
    if (type === "io2") return { type, sizeGiB, iops };
    const { includedMiBps } = VOLUME_TYPES.gp3;
    const moved = Math.ceil((iops * IO_SIZE_KIB) / KIB_PER_MIB);
    return { type, sizeGiB, iops, throughputMiBps: Math.max(includedMiBps, moved) };
}
