// The peer: a CDK app with the resources of one of our plans, type by type and stack by stack, checked by cdk-nag.
// usage: cdk synth --app "ts-node --prefer-ts-exts app.ts", as `cdk init app --language typescript` sets it up,
// with PLAN naming a file of [{ "region": "...", "type": "aws:...", "count": n }]
import { App, Aspects, CfnResource, Stack } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readFileSync, writeFileSync } from "node:fs";
import { TYPES } from "./types";

const rows: { region: string; type: string; count: number }[] = JSON.parse(readFileSync(process.env["PLAN"]!, "utf8"));
const app = new App({ analyticsReporting: false });
const stacks = new Map<string, { stack: Stack; count: number }[]>();

// CloudFormation takes 500 resources a stack.
const MOST = 450;

/** The region's newest stack, or a further one where that is full. */
function stackOf(region: string): Stack {
    const list = stacks.get(region) ?? [];
    stacks.set(region, list);
    if (list.length === 0 || list.at(-1)!.count === MOST) {
        const id = `logcaster-${region}${list.length === 0 ? "" : `-${list.length}`}`;
        list.push({ stack: new Stack(app, id, { env: { account: "111122223333", region } }), count: 0 });
    }
    list.at(-1)!.count++;
    return list.at(-1)!.stack;
}

for (const { region, type, count } of rows) {
    const short = type.replace(/\W/g, "-");
    const make = TYPES[type];
    if (!make) throw new Error(`no counterpart of ${type} in types.js`);
    for (let i = 0; i < count; i++) make(stackOf(region), `${short}${i}`, { region, i });
}
Aspects.of(app).add(new AwsSolutionsChecks());
app.synth();

// How many resources were declared, for the report.
const declared = [...stacks.values()].flat().flatMap(({ stack }) => stack.node.findAll().filter(CfnResource.isCfnResource)).length;
if (process.env["COUNT_FILE"]) writeFileSync(process.env["COUNT_FILE"], String(declared));
