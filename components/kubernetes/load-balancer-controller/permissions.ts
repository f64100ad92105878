import { partitionOf } from "../../arn";

/**
 * What binding pods to target groups takes, and no more: the controller's own policy lets it also make and delete load
 * balancers, which here belong to LoadBalancerTier.
 * Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/ (TargetGroupBinding only)
 */
export function controllerPolicy(region: string, clusterName: string): string {
    const partition = partitionOf(region);
    const inRegion = { StringEquals: { "aws:RequestedRegion": region } };
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "Read",
                Effect: "Allow",
                Action: [
                    "ec2:DescribeAvailabilityZones",
                    "ec2:DescribeInstances",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                    "elasticloadbalancing:DescribeTags",
                    "elasticloadbalancing:DescribeTargetGroupAttributes",
                    "elasticloadbalancing:DescribeTargetGroups",
                    "elasticloadbalancing:DescribeTargetHealth",
                ],
                Resource: "*",
                Condition: inRegion,
            },
            {
                Sid: "BindPods",
                Effect: "Allow",
                Action: [
                    "elasticloadbalancing:DeregisterTargets",
                    "elasticloadbalancing:RegisterTargets",
                ],
                Resource: `arn:${partition}:elasticloadbalancing:${region}:*:targetgroup/*`,
            },
            {
                // In the cluster's own group: load balancers may reach the pods' ports.
                Sid: "OpenTheClusterToLoadBalancers",
                Effect: "Allow",
                Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
                Resource: `arn:${partition}:ec2:${region}:*:security-group/*`,
                Condition: {
                    StringEquals: {
                        [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned",
                    },
                },
            },
        ],
    });
}
