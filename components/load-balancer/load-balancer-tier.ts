import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../problems";
import type { LoadBalancerTierArgs } from "./args";
import { HEALTHY_STATUS, HEALTH_PATH, HTTPS_PORT, HTTP_PORT, LOG_PREFIX } from "./defaults";
import { door } from "./doors";
import { logBucket } from "./log-bucket";
import { type LoadBalancerChoice, choose, loadBalancerProblems } from "./validate";

/**
 * The front door of one region: a network load balancer for the line protocol (TCP 9999, or TLS with a certificate) and an
 * application load balancer for HTTP (80, or 443 with a certificate, 80 then redirects). Both check every instance over HTTP
 * `/health` on its local agent, which asks the service PING. An application load balancer cannot carry TCP, hence two.
 *
 * Access logs are switched on for both, but AWS writes a network load balancer's only for TLS listeners: without `tls`, who
 * connected to 9999 is in the VPC's flow logs.
 *
 * **Cost** an hour, us-east-1: 0.0225 USD each load balancer, 0.045 USD both, beside 0.006 USD (network) and 0.008 USD
 * (application) a capacity unit; a public address 0.005 USD a zone each; access logs 0.023 USD a GB and month.
 * **Limits**: 60 rules a security group first, so 60 allowed blocks for the line protocol and, with a certificate, 30 for
 * HTTP's two ports; then 500 targets a network load balancer that crosses zones, 1,000 an application load balancer.
 */
export class LoadBalancerTier extends pulumi.ComponentResource {
    /** Network load balancer. */
    readonly nlbArn: pulumi.Output<string>;
    /** The part of its ARN that is its metrics' dimension. */
    readonly nlbArnSuffix: pulumi.Output<string>;
    readonly nlbDnsName: pulumi.Output<string>;
    /** Hosted zone of its DNS name, for alias records. */
    readonly nlbZoneId: pulumi.Output<string>;
    /** Its security group; instances admit the line protocol and checks from it. */
    readonly nlbSecurityGroupId: pulumi.Output<string>;
    /** Application load balancer. */
    readonly albArn: pulumi.Output<string>;
    readonly albArnSuffix: pulumi.Output<string>;
    readonly albDnsName: pulumi.Output<string>;
    readonly albZoneId: pulumi.Output<string>;
    /** Its security group; instances admit HTTP and checks from it. */
    readonly albSecurityGroupId: pulumi.Output<string>;
    /** Instances behind the line protocol. */
    readonly tcpTargetGroupArn: pulumi.Output<string>;
    readonly tcpTargetGroupArnSuffix: pulumi.Output<string>;
    /** Instances behind HTTP. */
    readonly httpTargetGroupArn: pulumi.Output<string>;
    readonly httpTargetGroupArnSuffix: pulumi.Output<string>;
    /** Listener of the line protocol. */
    readonly tcpListenerArn: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: LoadBalancerTierArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:LoadBalancerTier", name, {}, opts);
        refuse(this, name, loadBalancerProblems(name, args));
        const { region } = args;
        const choice = choose(args);
        const tags = { "logcaster:component": "load-balancer" };
        const tagged = (role: string) => ({ ...tags, Name: `${name}-${role}` });
        const own = { parent: this };

        const group = (role: "nlb" | "alb", what: string, open: object, targetPort: number) =>
            door(`${name}-${role}`, this, {
                region,
                vpcId: args.vpcId,
                vpcCidr: args.vpcCidr,
                what,
                allowedCidrs: choice.allowedCidrs,
                open: { ...open },
                targets: {
                    "Port of the service": targetPort,
                    "Health check": choice.healthCheck.port,
                },
                tags,
            });
        const nlbGroup = group(
            "nlb",
            "Network load balancer of the line protocol",
            { "Line protocol": choice.port },
            choice.port,
        );
        const albGroup = group(
            "alb",
            "Application load balancer of HTTP",
            { HTTP: HTTP_PORT, ...(args.certificateArn ? { HTTPS: HTTPS_PORT } : {}) },
            choice.httpPort,
        );

        const logs = choice.accessLogs
            ? logBucket(name, this, {
                  region,
                  accountId: nlbGroup.ownerId,
                  days: choice.accessLogDays,
                  protect: choice.protect,
                  tags,
              })
            : undefined;
        const balancer = (role: "nlb" | "alb", extra: lb.LoadBalancerArgs) =>
            new lb.LoadBalancer(
                `${name}-${role}`,
                {
                    region,
                    internal: false,
                    subnets: args.publicSubnetIds,
                    enableDeletionProtection: choice.deletionProtection,
                    accessLogs: logs && {
                        bucket: logs.bucket,
                        prefix: LOG_PREFIX[role],
                        enabled: true,
                    },
                    tags: tagged(role),
                    ...extra,
                },
                { parent: this, dependsOn: logs?.ready },
            );
        const nlb = balancer("nlb", {
            loadBalancerType: "network",
            // Given at creation: AWS refuses a group for a network load balancer that was made without one.
            securityGroups: [nlbGroup.id],
            enableCrossZoneLoadBalancing: true,
        });
        const alb = balancer("alb", {
            loadBalancerType: "application",
            securityGroups: [albGroup.id],
            // An application load balancer always crosses zones; nothing to switch on.
            idleTimeout: choice.httpIdleTimeoutSeconds,
            dropInvalidHeaderFields: true,
            desyncMitigationMode: choice.desyncMode,
        });

        const targets = (role: "tcp" | "http", port: number, extra: lb.TargetGroupArgs) =>
            new lb.TargetGroup(
                `${name}-${role}`,
                {
                    region,
                    vpcId: args.vpcId,
                    targetType: choice.targetType,
                    port,
                    deregistrationDelay: choice.deregistrationDelaySeconds,
                    healthCheck: healthCheck(choice),
                    tags: tagged(role),
                    ...extra,
                },
                own,
            );
        const tcpTargets = targets("tcp", choice.port, {
            protocol: "TCP",
            // At the end of the delay connections are closed, so that clients reconnect before the instance goes.
            connectionTermination: true,
            preserveClientIp: "true",
        });
        const httpTargets = targets("http", choice.httpPort, {
            protocol: "HTTP",
            loadBalancingAlgorithmType: "least_outstanding_requests",
        });

        const listener = (key: string, extra: lb.ListenerArgs) =>
            new lb.Listener(`${name}-${key}`, { region, tags: tagged(key), ...extra }, own);
        const encrypted = { sslPolicy: choice.tlsPolicy, certificateArn: args.certificateArn };
        const tcpListener = listener("line", {
            loadBalancerArn: nlb.arn,
            port: choice.port,
            ...(choice.tls
                ? { protocol: "TLS", ...encrypted }
                : { protocol: "TCP", tcpIdleTimeoutSeconds: choice.tcpIdleTimeoutSeconds }),
            defaultActions: [{ type: "forward", targetGroupArn: tcpTargets.arn }],
        });
        const toService = [{ type: "forward", targetGroupArn: httpTargets.arn }];
        listener("http-80", {
            loadBalancerArn: alb.arn,
            port: HTTP_PORT,
            protocol: "HTTP",
            defaultActions: args.certificateArn ? [TO_HTTPS] : toService,
        });
        if (args.certificateArn) {
            listener("https-443", {
                loadBalancerArn: alb.arn,
                port: HTTPS_PORT,
                protocol: "HTTPS",
                ...encrypted,
                defaultActions: toService,
            });
        }

        this.nlbArn = nlb.arn;
        this.nlbArnSuffix = nlb.arnSuffix;
        this.nlbDnsName = nlb.dnsName;
        this.nlbZoneId = nlb.zoneId;
        this.nlbSecurityGroupId = nlbGroup.id;
        this.albArn = alb.arn;
        this.albArnSuffix = alb.arnSuffix;
        this.albDnsName = alb.dnsName;
        this.albZoneId = alb.zoneId;
        this.albSecurityGroupId = albGroup.id;
        this.tcpTargetGroupArn = tcpTargets.arn;
        this.tcpTargetGroupArnSuffix = tcpTargets.arnSuffix;
        this.httpTargetGroupArn = httpTargets.arn;
        this.httpTargetGroupArnSuffix = httpTargets.arnSuffix;
        this.tcpListenerArn = tcpListener.arn;
        this.registerOutputs({
            nlbArn: this.nlbArn,
            nlbArnSuffix: this.nlbArnSuffix,
            nlbDnsName: this.nlbDnsName,
            nlbZoneId: this.nlbZoneId,
            nlbSecurityGroupId: this.nlbSecurityGroupId,
            albArn: this.albArn,
            albArnSuffix: this.albArnSuffix,
            albDnsName: this.albDnsName,
            albZoneId: this.albZoneId,
            albSecurityGroupId: this.albSecurityGroupId,
            tcpTargetGroupArn: this.tcpTargetGroupArn,
            tcpTargetGroupArnSuffix: this.tcpTargetGroupArnSuffix,
            httpTargetGroupArn: this.httpTargetGroupArn,
            httpTargetGroupArnSuffix: this.httpTargetGroupArnSuffix,
            tcpListenerArn: this.tcpListenerArn,
        });
    }
}

const TO_HTTPS = Object.freeze({
    type: "redirect",
    redirect: { protocol: "HTTPS", port: String(HTTPS_PORT), statusCode: "HTTP_301" },
});

function healthCheck({
    healthCheck: check,
}: LoadBalancerChoice): lb.TargetGroupArgs["healthCheck"] {
    return {
        enabled: true,
        protocol: "HTTP",
        path: HEALTH_PATH,
        port: String(check.port),
        matcher: HEALTHY_STATUS,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
    };
}
