/** CPU and memory of an instance type, from its name. */

export interface InstanceSize {
    readonly cpus: number;
    readonly memoryGib: number;
}

/** Memory of burstable types, which follow no ratio; each of t2, t3, t3a and t4g. https://aws.amazon.com/ec2/instance-types/t3/ */
const BURSTABLE: Readonly<Record<string, InstanceSize>> = {
    nano: { cpus: 2, memoryGib: 0.5 },
    micro: { cpus: 2, memoryGib: 1 },
    small: { cpus: 2, memoryGib: 2 },
    medium: { cpus: 2, memoryGib: 4 },
    large: { cpus: 2, memoryGib: 8 },
    xlarge: { cpus: 4, memoryGib: 16 },
    "2xlarge": { cpus: 8, memoryGib: 32 },
};

/** t2 has one CPU up to small. https://aws.amazon.com/ec2/instance-types/t2/ */
const T2_ONE_CPU = ["nano", "micro", "small"];

/** GiB a CPU of compute, general and memory families since the fifth generation. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */
const GIB_PER_CPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

const CPUS: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };

/** @returns undefined for families whose names do not say it. */
export function instanceSize(type: string): InstanceSize | undefined {
    const match = /^([a-z]+)(\d+)[a-z-]*\.(?:(\d+)x)?([a-z]+)$/.exec(type);
    if (!match) return undefined;
    const [, family = "", generation, multiple, word = ""] = match;
    if (family === "t") {
        const size = BURSTABLE[multiple ? `${multiple}x${word}` : word];
        return size && generation === "2" && T2_ONE_CPU.includes(word)
            ? { ...size, cpus: 1 }
            : size;
    }
    const ratio = GIB_PER_CPU[family];
    const cpus = multiple ? Number(multiple) * CPUS["xlarge"]! : CPUS[word];
    if (!ratio || !cpus || Number(generation) < 5 || (multiple && word !== "large")) {
        return undefined;
    }
    return { cpus, memoryGib: cpus * ratio };
}
