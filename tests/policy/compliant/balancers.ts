import type * as elb from "@pulumi/aws/elb";
import type * as lb from "@pulumi/aws/lb";
import type * as wafv2 from "@pulumi/aws/wafv2";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

export function balancers(stack: TestStack): void {
    const subnets = { subnets: ["subnet-a", "subnet-b"] };
    const common = {
        internal: true,
        subnets: [UNKNOWN, UNKNOWN],
        enableDeletionProtection: true,
        accessLogs: { bucket: UNKNOWN, enabled: true },
    };
    stack
        .add(
            "aws:lb/loadBalancer:LoadBalancer",
            "alb",
            of<lb.LoadBalancerArgs>({
                ...common,
                loadBalancerType: "application",
                dropInvalidHeaderFields: true,
                desyncMitigationMode: "strictest",
                region: "us-east-1",
            }),
            subnets,
        )
        .add(
            "aws:lb/loadBalancer:LoadBalancer",
            "nlb",
            of<lb.LoadBalancerArgs>({
                ...common,
                loadBalancerType: "network",
                enableCrossZoneLoadBalancing: true,
                region: "us-east-1",
            }),
            subnets,
        )
        .add(
            "aws:alb/loadBalancer:LoadBalancer",
            "nlb-elsewhere",
            of<lb.LoadBalancerArgs>({
                ...common,
                loadBalancerType: "network",
                enableCrossZoneLoadBalancing: true,
                region: "eu-west-1",
            }),
            subnets,
        )
        .add(
            "aws:elb/loadBalancer:LoadBalancer",
            "classic",
            of<elb.LoadBalancerArgs>({
                internal: true,
                availabilityZones: ["us-east-1a", "us-east-1b"],
                accessLogs: { bucket: UNKNOWN },
                listeners: [
                    {
                        instancePort: 80,
                        instanceProtocol: "http",
                        lbPort: 443,
                        lbProtocol: "https",
                    },
                ],
            }),
        )
        .add(
            "aws:wafv2/webAclAssociation:WebAclAssociation",
            "firewall",
            of<wafv2.WebAclAssociationArgs>({ resourceArn: UNKNOWN, webAclArn: UNKNOWN }),
            { resourceArn: ["alb"] },
        )
        .add(
            "aws:lb/targetGroup:TargetGroup",
            "targets",
            of<lb.TargetGroupArgs>({
                targetType: "instance",
                deregistrationDelay: 300,
                healthCheck: { enabled: true, interval: 5 },
            }),
        )
        .add(
            "aws:lb/listener:Listener",
            "https",
            of<lb.ListenerArgs>({
                loadBalancerArn: UNKNOWN,
                port: 443,
                protocol: "HTTPS",
                sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
                defaultActions: [{ type: "forward", targetGroupArn: UNKNOWN }],
            }),
            { loadBalancerArn: ["alb"] },
        )
        .add(
            "aws:lb/listener:Listener",
            "http",
            of<lb.ListenerArgs>({
                loadBalancerArn: UNKNOWN,
                port: 80,
                protocol: "HTTP",
                defaultActions: [
                    { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } },
                ],
            }),
            { loadBalancerArn: ["alb"] },
        );
}
