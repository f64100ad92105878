import assert from "node:assert/strict";
import { autonameOf } from "./aws/model";
import { ACCOUNT, shortRegion, type Made } from "./aws/row";
import { shapeOf } from "./aws/shape";
import { AWS_TYPES } from "./aws/table";
import { parsePath } from "./paths";

/** What the SDK does not say in a declaration but the service has. */
function head(property: string): string {
    return String(parsePath(property)[0]);
}

const made: Made = {
    inputs: {},
    logical: "logical",
    name: "logical-1234567",
    region: "us-east-1",
    id: "id",
};

describe("the table of AWS types", () => {
    for (const [type, row] of Object.entries(AWS_TYPES)) {
        it(`names only properties that the SDK declares: ${type}`, () => {
            const { args, outputs } = shapeOf(type);
            assert.ok(args.size > 0, "the SDK has no such type");
            const inputs = [
                ...row.replaces.map(head),
                ...Object.keys(row.defaults ?? {}),
                ...(row.unique ?? []),
                ...(row.autoname ? [row.autoname.property] : []),
            ];
            assert.deepEqual(
                inputs.filter((property) => !args.has(property)),
                [],
                "arguments",
            );
            const computed = Object.keys({
                ...row.outputs?.(made),
                ...row.onUpdate?.(made, {}, []),
            });
            assert.deepEqual(
                computed.filter((property) => !outputs.has(property)),
                [],
                "outputs",
            );
        });
    }

    it("replaces on a change of name wherever it gives one, but where the service renames in place", () => {
        const inPlace = Object.entries(AWS_TYPES)
            .filter(([type, row]) => {
                const auto = autonameOf(type);
                return auto !== undefined && !row.replaces.includes(auto.property);
            })
            .map(([type]) => type);
        assert.deepEqual(inPlace.sort(), [
            "aws:backup/plan:Plan",
            "aws:cloudfront/cachePolicy:CachePolicy",
            "aws:cloudfront/originAccessControl:OriginAccessControl",
            "aws:cloudfront/originRequestPolicy:OriginRequestPolicy",
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
            "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
        ]);
    });

    it("spells regions as cache and database endpoints do", () => {
        assert.deepEqual(
            ["us-east-1", "eu-west-1", "ap-northeast-1", "ap-southeast-2", "eu-central-1"].map(
                shortRegion,
            ),
            ["use1", "euw1", "apne1", "apse2", "euc1"],
        );
        assert.match(ACCOUNT, /^\d{12}$/);
    });
});
