const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");

pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
    if (type === "random:index/randomPet:RandomPet") {
        return {
            props: { ...props, separator: "_" },
            opts: pulumi.mergeOptions(opts, { protect: true }),
        };
    }
});
pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "random:index/randomId:RandomId"
        ? { props: { ...props, byteLength: 9 }, opts }
        : undefined,
);
class Pair extends pulumi.ComponentResource {
    constructor(name, opts) {
        super("transforms:index:Pair", name, {}, opts);
        new random.RandomPet(`${name}-pet`, { length: 1 }, { parent: this });
    }
}
new Pair("pair", {
    transforms: [
        async ({ type, props, opts }) =>
            type.endsWith("RandomPet")
                ? { props: { ...props, length: props.length + 1 }, opts }
                : undefined,
    ],
});
new random.RandomId("id", { byteLength: 1 });
