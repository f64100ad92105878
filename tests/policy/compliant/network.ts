import type * as ec2 from "@pulumi/aws/ec2";
import type * as vpc from "@pulumi/aws/vpc";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

export function network(stack: TestStack): void {
    stack
        .add("aws:ec2/vpc:Vpc", "vpc", of<ec2.VpcArgs>({ cidrBlock: "10.0.0.0/16" }))
        .add("aws:ec2/flowLog:FlowLog", "flow-log", of<ec2.FlowLogArgs>({ vpcId: UNKNOWN }), {
            vpcId: ["vpc"],
        })
        .add(
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "default-group",
            of<ec2.DefaultSecurityGroupArgs>({ vpcId: UNKNOWN }),
            { vpcId: ["vpc"] },
        );
    for (const zone of ["a", "b"]) {
        stack.add(
            "aws:ec2/subnet:Subnet",
            `subnet-${zone}`,
            of<ec2.SubnetArgs>({ vpcId: UNKNOWN, mapPublicIpOnLaunch: false }),
            { vpcId: ["vpc"] },
        );
    }
    const rule = { securityGroupId: UNKNOWN, ipProtocol: "tcp", fromPort: 9999, toPort: 9999 };
    stack
        .add(
            "aws:ec2/securityGroup:SecurityGroup",
            "separate-group",
            of<ec2.SecurityGroupArgs>({ vpcId: UNKNOWN, description: "Front door" }),
            { vpcId: ["vpc"] },
        )
        .add(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "ingress",
            of<vpc.SecurityGroupIngressRuleArgs>({
                ...rule,
                description: "Line protocol",
                cidrIpv4: "203.0.113.0/24",
            }),
            { securityGroupId: ["separate-group"] },
        )
        .add(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "egress",
            of<vpc.SecurityGroupEgressRuleArgs>({
                ...rule,
                description: "Line protocol",
                cidrIpv4: "10.0.0.0/16",
            }),
            { securityGroupId: ["separate-group"] },
        )
        .add(
            "aws:ec2/securityGroup:SecurityGroup",
            "inline-group",
            of<ec2.SecurityGroupArgs>({
                description: "Inline",
                ingress: [
                    {
                        description: "HTTP",
                        protocol: "tcp",
                        fromPort: 80,
                        toPort: 80,
                        cidrBlocks: ["10.0.0.0/16"],
                    },
                ],
            }),
        )
        .add(
            "aws:ec2/securityGroup:SecurityGroup",
            "older-group",
            of<ec2.SecurityGroupArgs>({ description: "With rules of the older kind" }),
        )
        .add(
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            "older-rule",
            of<ec2.SecurityGroupRuleArgs>({
                type: "egress",
                description: "HTTPS",
                protocol: "tcp",
                fromPort: 443,
                toPort: 443,
                cidrBlocks: ["0.0.0.0/0"],
                securityGroupId: UNKNOWN,
            }),
            { securityGroupId: ["older-group"] },
        );
}
