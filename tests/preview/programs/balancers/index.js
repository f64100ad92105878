const lb = require("@pulumi/aws/lb");
const kms = require("@pulumi/aws/kms");
const route53 = require("@pulumi/aws/route53");
const ec2 = require("@pulumi/aws/ec2");
const iam = require("@pulumi/aws/iam");
const sns = require("@pulumi/aws/sns");

const region = "eu-west-1";
const nlb = new lb.LoadBalancer("nlb", { loadBalancerType: "network", region });
const alb = new lb.LoadBalancer("alb", { name: "front", region });
const group = new lb.TargetGroup("group", { port: 80, region });
new lb.Listener("listener", {
    loadBalancerArn: nlb.arn,
    port: 80,
    region,
    defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
});
new kms.Key("key", { region });
const zone = new route53.Zone("zone", { name: "example.com" });
new route53.Record("record", {
    zoneId: zone.zoneId,
    name: "a.example.com",
    type: "A",
    aliases: [{ name: alb.dnsName, zoneId: alb.zoneId, evaluateTargetHealth: true }],
});
new ec2.LaunchTemplate("template", { region });
new iam.Role("role", { assumeRolePolicy: "{}" });
new sns.Topic("topic", { region });
