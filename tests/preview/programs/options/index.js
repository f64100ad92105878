const pulumi = require("@pulumi/pulumi");
const aws = {
    Provider: require("@pulumi/aws/provider").Provider,
    Queue: require("@pulumi/aws/sqs").Queue,
};
const random = require("@pulumi/random");

class Group extends pulumi.ComponentResource {
    constructor(name, opts) {
        super("options:index:Group", name, {}, opts);
        this.queue = new aws.Queue(
            `${name}-queue`,
            {},
            {
                parent: this,
                aliases: [{ name: "old-queue" }, { parent: pulumi.rootStackResource }],
            },
        );
        this.registerOutputs({ url: this.queue.url });
    }
}

const seoul = new aws.Provider("seoul", { region: "ap-northeast-2" });
const group = new Group("group", { providers: { aws: seoul }, protect: true });
const token = new random.RandomString(
    "token",
    { length: 8 },
    { additionalSecretOutputs: ["result"] },
);
new aws.Queue(
    "other",
    { tags: { token: token.result, of: group.queue.arn }, delaySeconds: 5 },
    {
        dependsOn: group,
        ignoreChanges: ["tags"],
        replaceOnChanges: ["delaySeconds"],
        deleteBeforeReplace: true,
        retainOnDelete: true,
        customTimeouts: { create: "5m" },
        deletedWith: group.queue,
    },
);
new aws.Queue(
    "imported",
    {},
    { import: "https://sqs.eu-west-1.amazonaws.com/123456789012/imported" },
);
