import assert from "node:assert/strict";
import { INSTANCE_TYPES, TIERS } from "logcaster-model/instance-types";
import { instanceSize } from "../../policy/rules/instance-size";

describe("the size in an instance type's name", () => {
    const sizes: Readonly<Record<string, [cpus: number, memoryGib: number] | undefined>> = {
        "t2.small": [1, 2],
        "t2.medium": [2, 4],
        "t3a.micro": [2, 1],
        "t4g.2xlarge": [8, 32],
        "m7i.large": [2, 8],
        "m7i-flex.xlarge": [4, 16],
        "c7gn.4xlarge": [16, 32],
        "r6id.32xlarge": [128, 1024],
        "m6g.medium": [1, 4],
        "m4.xlarge": undefined,
        "i4i.xlarge": undefined,
        "m7i.metal-24xl": undefined,
        nothing: undefined,
    };

    for (const [type, size] of Object.entries(sizes)) {
        it(`${type}: ${size ? `${size[0]} CPU, ${size[1]} GiB` : "not said"}`, () => {
            const expected = size && { cpus: size[0], memoryGib: size[1] };
            assert.deepEqual(instanceSize(type), expected);
        });
    }

    it("is that of the tier for every type the fleet may use", () => {
        for (const { type, tier } of INSTANCE_TYPES) {
            const { vcpus, memoryGiB } = TIERS[tier];
            assert.deepEqual(
                { type, ...instanceSize(type) },
                { type, cpus: vcpus, memoryGib: memoryGiB },
            );
        }
    });
});
