const pulumi = require("@pulumi/pulumi");

const provider = {
    async create(inputs) {
        return { id: "made", outs: { ...inputs, token: "t" } };
    },
};
class Thing extends pulumi.dynamic.Resource {
    constructor(name, props, opts) {
        super(provider, name, { ...props, token: undefined }, opts);
    }
}
const thing = new Thing("thing", { size: 3 });
exports.size = thing.size;
exports.token = thing.token;
exports.id = thing.id;
// What drives the CLI belongs to the same SDK, whether or not a preview has loaded it by now.
const { automation } = pulumi;
exports.driver = [
    typeof automation.LocalWorkspace.createOrSelectStack,
    "Stack" in automation,
    Object.keys(automation).includes("fullyQualifiedStackName"),
];
