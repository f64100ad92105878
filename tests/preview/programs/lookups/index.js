const pulumi = require("@pulumi/pulumi");
const { getAvailabilityZonesOutput, getCallerIdentity } = require("@pulumi/aws");
const sqs = require("@pulumi/aws/sqs");
const ec2 = require("@pulumi/aws/ec2");

const zones = getAvailabilityZonesOutput({ state: "available" });
const vpc = ec2.Vpc.get("shared", "vpc-0123456789abcdef0");
const network = new pulumi.StackReference("organization/network/prod");
new sqs.Queue("queue", {
    tags: {
        zone: zones.names[0],
        vpc: vpc.id,
        cidr: vpc.cidrBlock,
        subnet: network.getOutput("subnet"),
    },
});
getCallerIdentity({}).then(
    (identity) => new sqs.Queue("mine", { tags: { account: identity.accountId } }),
);
exports.zone = zones.names.apply((names) => names[0]);
exports.vpc = vpc.id;
