/** docs/instance-types.md: the tiers and their instance types, from the model's table. */
import {
    burstFigures,
    CHECKED_REGIONS,
    INSTANCE_TYPES,
    type InstanceType,
    missedFigures,
    TIER_NAMES,
    type TierName,
    TIERS,
    volumeOf,
} from "logcaster-model/instance-types";

const number = (value: number) => value.toLocaleString("en-US");
const table = (rows: readonly (readonly string[])[]) =>
    rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const range = (value: { baseline: number; burst: number } | null) => {
    if (!value) return "none published";
    const { baseline, burst } = value;
    return baseline === burst ? number(baseline) : `${number(baseline)} / ${number(burst)}`;
};

/** The page. Pure. */
export function instanceTypesPage(): string {
    return `# Instance types

Generated from model/instance-types.ts by \`npm run docs\`; do not edit.

A tier's types have the same CPU and memory, so that instances of one group carry the same load, and x86-64 processors, so
that one machine image fits them all. Figures are baseline / burst as EC2's DescribeInstanceTypes answers them; AWS publishes
them on the page linked in each row. An EBS burst holds for half an hour a day at least, a network burst while credits last.
Where fewer than ten types reach a tier without bursting, the column "burst" says which figure only a burst reaches; those
types come after the others. For xlarge AWS has four types that reach 25 Gbps and 60,000 IOPS, with or without bursting.

On-demand instances are taken in the order of the table, spot instances where capacity is best at a low price.

${TIER_NAMES.map(tierSection).join("\n\n")}

## Regions

The table knows what these regions offer: ${CHECKED_REGIONS.join(", ")}. Elsewhere list what is offered by
\`aws ec2 describe-instance-type-offerings --region REGION\` and name the types in \`scaling.spot.instanceTypes\`.
`;
}

function tierSection(tier: TierName): string {
    const { vcpus, memoryGiB, networkGbps, iops, origin } = TIERS[tier];
    const volume = volumeOf(tier);
    return `## ${tier}

${vcpus} vCPUs, ${memoryGiB} GiB, ${networkGbps} Gbps, ${number(iops)} IOPS (${origin}). Volume: ${volume.type}, ${volume.sizeGiB} GiB, ${number(volume.iops)} IOPS, ${volume.throughputMiBps} MiB/s.

${table([
    ["type", "network Gbps", "EBS IOPS", "burst", "not in", "source"],
    ["---", "---", "---", "---", "---", "---"],
    ...INSTANCE_TYPES.filter((t) => t.tier === tier).map(cells),
])}`;
}

function cells(type: InstanceType): string[] {
    const missed = missedFigures(type);
    const burst = burstFigures(type).filter((figure) => !missed.includes(figure));
    const says = [
        ...burst,
        ...missed.map((figure) => `${figure} not reached`),
        ...(type.explicitOnly ? ["CPU; only where listed by name"] : []),
    ];
    return [
        type.type,
        range(type.networkGbps),
        range(type.iops),
        says.join(", "),
        type.notIn.join(", "),
        `[guide](${type.source})`,
    ];
}
