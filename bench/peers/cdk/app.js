// The peer: a CDK app with the resources of one of our plans, type by type and stack by stack, checked by cdk-nag.
// usage: cdk synth --app "node app.js"   with PLAN naming a file of [{ "region": "...", "type": "aws:...", "count": n }]
const { App, Aspects, CfnResource, Stack } = require("aws-cdk-lib");
const { AwsSolutionsChecks } = require("cdk-nag");
const { readFileSync } = require("node:fs");
const { TYPES } = require("./types");

const rows = JSON.parse(readFileSync(process.env.PLAN, "utf8"));
const app = new App({ analyticsReporting: false });
const stacks = new Map();

for (const { region, type, count } of rows) {
    if (!stacks.has(region)) {
        stacks.set(region, new Stack(app, `logcaster-${region}`, { env: { account: "111122223333", region } }));
    }
    const stack = stacks.get(region);
    const short = type.split(":").pop();
    const make = TYPES[type];
    if (!make) throw new Error(`no counterpart of ${type} in types.js`);
    for (let i = 0; i < count; i++) make(stack, `${short}${i}`, { region, i });
}
Aspects.of(app).add(new AwsSolutionsChecks());
app.synth();

// How many resources were declared, for the report.
const declared = [...stacks.values()].flatMap((stack) => stack.node.findAll().filter(CfnResource.isCfnResource)).length;
if (process.env.COUNT_FILE) require("node:fs").writeFileSync(process.env.COUNT_FILE, String(declared));
