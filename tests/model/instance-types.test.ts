import * as assert from "node:assert/strict";
import {
    burstFigures,
    CHECKED_REGIONS,
    INSTANCE_TYPES,
    instanceType,
    missedFigures,
    refusal,
    TIER_NAMES,
    type TierName,
    TIERS,
    typesOf,
    VOLUME_TYPES,
    volumeOf,
} from "logcaster-model/instance-types";

const typed = (tier: TierName) => INSTANCE_TYPES.filter((t) => t.tier === tier && !t.explicitOnly);

describe("Instance types", () => {
    it("have the brief's four tiers", () => {
        const figures = TIER_NAMES.map((name) => {
            const { vcpus, memoryGiB, networkGbps, iops } = TIERS[name];
            return [name, vcpus, memoryGiB, networkGbps, iops];
        });
        assert.deepEqual(figures, [
            ["small", 2, 4, 1, 3000],
            ["medium", 4, 16, 5, 10_000],
            ["large", 16, 64, 10, 30_000],
            ["xlarge", 32, 128, 25, 60_000],
        ]);
    });

    it("are listed once each, with the source of their figures", () => {
        const names = INSTANCE_TYPES.map((t) => t.type);
        assert.equal(new Set(names).size, names.length);
        for (const { type, source } of INSTANCE_TYPES) {
            const page = type.startsWith("c") ? "co" : "gp";
            assert.equal(
                source,
                `https://docs.aws.amazon.com/ec2/latest/instancetypes/${page}.html`,
            );
        }
    });

    for (const name of TIER_NAMES) {
        it(`have exactly the CPU and memory of their tier: ${name}`, () => {
            for (const { type, tier, vcpus, memoryGiB } of INSTANCE_TYPES) {
                if (tier !== name) continue;
                const wanted = [TIERS[name].vcpus, TIERS[name].memoryGiB];
                assert.deepEqual([vcpus, memoryGiB], wanted, type);
            }
        });

        it(`reach every figure of their tier, if only by bursting, unless listed by name: ${name}`, () => {
            for (const type of typed(name)) assert.deepEqual(missedFigures(type), [], type.type);
        });

        it(`come first where they reach it without bursting: ${name}`, () => {
            const reaches = typed(name).map((t) => burstFigures(t).length === 0);
            assert.deepEqual(
                reaches,
                [...reaches].sort((a, b) => Number(b) - Number(a)),
            );
            assert.ok(reaches[0]);
        });
    }

    it("are ten or more in a tier, but for xlarge, where AWS has four that reach 25 Gbps and 60,000 IOPS", () => {
        assert.deepEqual(
            TIER_NAMES.map((tier) => [tier, typed(tier).length]),
            [
                ["small", 13],
                ["medium", 16],
                ["large", 14],
                ["xlarge", 4],
            ],
        );
        for (const type of typed("xlarge")) assert.deepEqual(burstFigures(type), []);
    });

    it("say which figure is burst", () => {
        const figures = (type: string) => burstFigures(instanceType(type)!);
        assert.deepEqual(figures("m6in.xlarge"), []);
        assert.deepEqual(figures("m5zn.xlarge"), ["iops"]);
        assert.deepEqual(figures("m8ib.xlarge"), ["network"]);
        assert.deepEqual(figures("m7i.4xlarge"), ["network", "iops"]);
        assert.deepEqual(figures("c7i.large"), ["network"]);
    });

    it("have the brief's trio in small, for a stack that lists it by name", () => {
        const trio = ["t3.medium", "t3a.medium", "t2.medium"];
        assert.deepEqual(
            INSTANCE_TYPES.filter((t) => t.explicitOnly).map((t) => t.type),
            trio,
        );
        for (const type of trio) {
            assert.equal(refusal(type, "small", "us-east-1"), undefined);
            assert.equal(
                typesOf("small", "us-east-1").some((t) => t.type === type),
                false,
            );
        }
        assert.deepEqual(missedFigures(instanceType("t2.medium")!), ["iops"]);
    });

    it("leave out what a region does not offer, and leave some in every checked region", () => {
        assert.deepEqual(
            typesOf("xlarge", "ap-northeast-2").map((t) => t.type),
            ["m6in.8xlarge", "m6idn.8xlarge"],
        );
        for (const region of CHECKED_REGIONS) {
            for (const tier of TIER_NAMES) {
                assert.ok(typesOf(tier, region).length >= 2, `${tier} in ${region}`);
            }
        }
        for (const { notIn } of INSTANCE_TYPES) {
            for (const region of notIn) assert.ok(CHECKED_REGIONS.includes(region), region);
        }
    });

    it("are refused with the ones that are allowed and the reason", () => {
        const xlarge = "types of tier xlarge in ap-northeast-2: m6in.8xlarge, m6idn.8xlarge";
        const asked = (type: string) => refusal(type, "xlarge", "ap-northeast-2");
        assert.equal(asked("m6in.8xlarge"), undefined);
        assert.equal(
            asked("z9.huge"),
            `${xlarge}; model/instance-types.ts knows the figures of no other`,
        );
        assert.equal(
            asked("m7i.xlarge"),
            `${xlarge}; m7i.xlarge is of tier medium, and tiers mixed in one group share load unevenly`,
        );
        assert.equal(
            asked("m8ib.8xlarge"),
            `${xlarge}; ap-northeast-2 does not offer m8ib.8xlarge`,
        );
    });
});

describe("An instance's volume", () => {
    it("has the tier's IOPS and the throughput that they move at 16 KiB", () => {
        assert.deepEqual(
            TIER_NAMES.map((tier) => volumeOf(tier)),
            [
                { type: "gp3", sizeGiB: 50, iops: 3000, throughputMiBps: 125 },
                { type: "gp3", sizeGiB: 100, iops: 10_000, throughputMiBps: 157 },
                { type: "gp3", sizeGiB: 200, iops: 30_000, throughputMiBps: 469 },
                { type: "gp3", sizeGiB: 400, iops: 60_000, throughputMiBps: 938 },
            ],
        );
    });

    it("may be io2, which takes no throughput", () => {
        assert.deepEqual(volumeOf("large", "io2"), { type: "io2", sizeGiB: 200, iops: 30_000 });
    });

    it("stays inside what its type gives", () => {
        for (const type of ["gp3", "io2"] as const) {
            for (const tier of TIER_NAMES) {
                const { iops, sizeGiB } = volumeOf(tier, type);
                assert.ok(iops <= VOLUME_TYPES[type].maxIops);
                assert.ok(iops <= sizeGiB * VOLUME_TYPES[type].maxIopsPerGiB);
            }
        }
    });
});
