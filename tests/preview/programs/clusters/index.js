const eks = require("@pulumi/aws/eks");
const ec2 = require("@pulumi/aws/ec2");

const region = "ap-northeast-2";
const cluster = new eks.Cluster("cluster", {
    region,
    name: "pods",
    roleArn: "arn:aws:iam::123456789012:role/control-plane",
    vpcConfig: { subnetIds: ["subnet-a", "subnet-b"] },
});
new ec2.LaunchTemplate("template", {
    region,
    vpcSecurityGroupIds: [cluster.vpcConfig.apply((config) => config.clusterSecurityGroupId)],
    description: cluster.certificateAuthority.data,
});
