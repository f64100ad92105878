import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const FRONT_DOOR = "must be internal or a recorded exception";
const PROTOCOLS =
    "limit HTTPS, TLS, TCP, UDP, TCP_UDP, QUIC, TCP_QUIC or an HTTP redirect (allowedProtocols)";

export const BALANCER_CASES: Cases = {
    "logcaster-balancer-log-access": {
        "no logs": {
            change: (s) => s.set("nlb", "accessLogs", undefined),
            says: ["nlb: accessLogs.enabled is not set, must be true"],
        },
        "logs described but off, under an older name of the type": {
            change: (s) => s.set("nlb-elsewhere", "accessLogs.enabled", undefined),
            says: ["nlb-elsewhere: accessLogs.enabled is not set, must be true"],
        },
        "a classic load balancer's logs switched off": {
            change: (s) => s.set("classic", "accessLogs.enabled", false),
            says: ["classic: accessLogs.enabled is false, must be true"],
        },
        "a gateway load balancer, which writes none": {
            change: (s) =>
                s.set("nlb", "loadBalancerType", "gateway").set("nlb", "accessLogs", undefined),
        },
        "logs not known yet": {
            change: (s) => s.set("alb", "accessLogs", UNKNOWN),
            unknown: ["accessLogs"],
        },
    },
    "logcaster-balancer-protect-from-deletion": {
        "no protection of aws:lb and aws:alb alike": {
            change: (s) =>
                s
                    .set("nlb", "enableDeletionProtection", false)
                    .set("nlb-elsewhere", "enableDeletionProtection", undefined),
            says: [
                "nlb: enableDeletionProtection is false, must be true",
                "nlb-elsewhere: enableDeletionProtection is not set, must be true",
            ],
        },
        "protection not known yet": {
            change: (s) => s.set("nlb", "enableDeletionProtection", UNKNOWN),
            unknown: ["enableDeletionProtection"],
        },
    },
    "logcaster-balancer-cross-zones": {
        "a network load balancer that stays in its zones": {
            change: (s) => s.set("nlb", "enableCrossZoneLoadBalancing", undefined),
            says: ["nlb: enableCrossZoneLoadBalancing is not set, must be true"],
        },
        "a classic one that stays in its zones": {
            change: (s) => s.set("classic", "crossZoneLoadBalancing", false),
            says: ["classic: crossZoneLoadBalancing is false, must be true"],
        },
        "an application load balancer, which always crosses": {
            change: (s) => s.set("alb", "enableCrossZoneLoadBalancing", false),
        },
        "crossing not known yet": {
            change: (s) => s.set("nlb", "enableCrossZoneLoadBalancing", UNKNOWN),
            unknown: ["enableCrossZoneLoadBalancing"],
        },
    },
    "logcaster-target-group-cross-zones": {
        "a target group that switches it off": {
            change: (s) => s.set("targets", "loadBalancingCrossZoneEnabled", "false"),
            says: ["targets: loadBalancingCrossZoneEnabled is false, must be true"],
        },
        "the load balancer's own setting": {
            change: (s) =>
                s.set(
                    "targets",
                    "loadBalancingCrossZoneEnabled",
                    "use_load_balancer_configuration",
                ),
        },
        "crossing not known yet": {
            change: (s) => s.set("targets", "loadBalancingCrossZoneEnabled", UNKNOWN),
            unknown: ["loadBalancingCrossZoneEnabled"],
        },
    },
    "logcaster-balancer-drop-invalid-headers": {
        "invalid headers": {
            change: (s) => s.set("alb", "dropInvalidHeaderFields", undefined),
            says: ["alb: dropInvalidHeaderFields is not set, must be true"],
        },
        "a load balancer whose type is the default": {
            change: (s) =>
                s
                    .set("alb", "loadBalancerType", undefined)
                    .set("alb", "dropInvalidHeaderFields", false),
            says: ["alb: dropInvalidHeaderFields is false, must be true"],
        },
        "headers not known yet": {
            change: (s) => s.set("alb", "dropInvalidHeaderFields", UNKNOWN),
            unknown: ["dropInvalidHeaderFields"],
        },
    },
    "logcaster-balancer-mitigate-desync": {
        "only watching": {
            change: (s) =>
                s
                    .set("alb", "desyncMitigationMode", "monitor")
                    .set("classic", "desyncMitigationMode", "monitor"),
            says: [
                "alb: desyncMitigationMode is monitor, limit defensive or strictest (allowedModes)",
                "classic: desyncMitigationMode is monitor, limit defensive or strictest (allowedModes)",
            ],
        },
        "the default": { change: (s) => s.set("alb", "desyncMitigationMode", undefined) },
        "a stricter choice of the stack": {
            config: { allowedModes: ["strictest"] },
            says: ["classic: desyncMitigationMode is defensive, limit strictest (allowedModes)"],
        },
        "a mode not known yet": {
            change: (s) => s.set("alb", "desyncMitigationMode", UNKNOWN),
            unknown: ["desyncMitigationMode"],
        },
    },
    "logcaster-listener-use-secure-protocol": {
        "HTTP that forwards": {
            change: (s) => s.set("http", "defaultActions", [{ type: "forward" }]),
            says: [`http: protocol of port 80 is HTTP, ${PROTOCOLS}`],
        },
        "HTTP of a classic load balancer": {
            change: (s) => s.set("classic", "listeners.0.lbProtocol", "http"),
            says: [`classic: protocol of port 443 is http, ${PROTOCOLS}`],
        },
        "SSL of a classic load balancer": {
            change: (s) => s.set("classic", "listeners.0.lbProtocol", "ssl"),
        },
        TCP: { change: (s) => s.set("https", "protocol", "TCP") },
        "a gateway load balancer's listener, which has no protocol": {
            change: (s) => s.set("https", "protocol", undefined),
        },
        "a choice of the stack": {
            config: { allowedProtocols: ["TLS"] },
            says: [
                "classic: protocol of port 443 is https, limit TLS or an HTTP redirect (allowedProtocols)",
                "https: protocol of port 443 is HTTPS, limit TLS or an HTTP redirect (allowedProtocols)",
            ],
        },
        "a protocol not known yet": {
            change: (s) => s.set("https", "protocol", UNKNOWN),
            unknown: ["protocol"],
        },
    },
    "logcaster-listener-redirect-to-https": {
        "an answer in HTTP": {
            change: (s) => s.set("http", "defaultActions", [{ type: "forward" }]),
            says: ["http: port 80 answers HTTP, must redirect to HTTPS"],
        },
        "a redirect that keeps the protocol": {
            change: (s) => s.set("http", "defaultActions.0.redirect.protocol", undefined),
            says: ["http: redirect.protocol is #{protocol}, must be HTTPS"],
        },
        "actions not known yet": {
            change: (s) => s.set("http", "defaultActions", UNKNOWN),
            unknown: ["defaultActions"],
        },
    },
    "logcaster-listener-use-tls-1-2": {
        "a policy with TLS 1.0": {
            change: (s) => s.set("https", "sslPolicy", "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09"),
            says: [
                "https: sslPolicy is ELBSecurityPolicy-TLS13-1-0-PQ-2025-09, limit TLS 1.2 or newer (allowedPolicies)",
            ],
        },
        "AWS's default on a TLS listener": {
            change: (s) => s.set("https", "protocol", "TLS").set("https", "sslPolicy", undefined),
            says: [
                "https: sslPolicy is ELBSecurityPolicy-2016-08, limit TLS 1.2 or newer (allowedPolicies)",
            ],
        },
        "TLS 1.3 alone, FIPS and forward secrecy": {
            change: (s) => {
                for (const name of ["TLS13-1-3-2021-06", "TLS13-1-2-FIPS-2023-04"]) {
                    s.add("aws:alb/listener:Listener", name, {
                        protocol: "HTTPS",
                        sslPolicy: `ELBSecurityPolicy-${name}`,
                    });
                }
            },
        },
        "a choice of the stack": {
            config: { allowedPolicies: "TLS13-1-3" },
            says: [
                "https: sslPolicy is ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09, limit TLS 1.2 or newer (allowedPolicies)",
            ],
        },
        "a policy not known yet": {
            change: (s) => s.set("https", "sslPolicy", UNKNOWN),
            unknown: ["sslPolicy"],
        },
    },
    "logcaster-target-group-check-health": {
        "no check": {
            change: (s) => s.set("targets", "healthCheck", undefined),
            says: ["targets: healthCheck is not set, must be given"],
        },
        "a check switched off": {
            change: (s) => s.set("targets", "healthCheck.enabled", false),
            says: ["targets: healthCheck.enabled is false, must be true"],
        },
        "a function, which needs none": {
            change: (s) =>
                s.set("targets", "healthCheck", undefined).set("targets", "targetType", "lambda"),
        },
        "a check not known yet": {
            change: (s) => s.set("targets", "healthCheck", UNKNOWN),
            unknown: ["healthCheck"],
        },
    },
    "logcaster-target-group-check-at-interval": {
        "AWS's default of 30 s": {
            change: (s) => s.set("targets", "healthCheck.interval", undefined),
            says: ["targets: healthCheck.interval is 30, limit 5 (maxIntervalSeconds)"],
        },
        "a function, which needs none": {
            change: (s) =>
                s.set("targets", "healthCheck", undefined).set("targets", "targetType", "lambda"),
        },
        "a longer interval of the stack": {
            change: (s) => s.set("targets", "healthCheck.interval", 11),
            config: { maxIntervalSeconds: 10 },
            says: ["targets: healthCheck.interval is 11, limit 10 (maxIntervalSeconds)"],
        },
        "an interval not known yet": {
            change: (s) => s.set("targets", "healthCheck.interval", UNKNOWN),
            unknown: ["healthCheck.interval"],
        },
    },
    "logcaster-target-group-drain-before-the-end": {
        "a hook as long as the delay": {
            change: (s) => s.set("drain-hook", "heartbeatTimeout", 300),
            says: [
                "targets: deregistrationDelay is 300 s, must be shorter than group's drain hook of 300 s",
            ],
        },
        "no hook": {
            change: (s) => s.remove("drain-hook"),
            says: [
                "targets: group has no terminating lifecycle hook, must wait longer than deregistrationDelay 300 s",
            ],
        },
        "a hook for launches": {
            change: (s) =>
                s.set("drain-hook", "lifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING"),
            says: [
                "targets: group has no terminating lifecycle hook, must wait longer than deregistrationDelay 300 s",
            ],
        },
        "an inline hook": {
            change: (s) =>
                s.remove("drain-hook").set("group", "initialLifecycleHooks", [
                    {
                        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
                        heartbeatTimeout: 301,
                    },
                ]),
        },
        "a delay not known yet counts as AWS's own": {
            change: (s) =>
                s
                    .set("targets", "deregistrationDelay", UNKNOWN)
                    .set("drain-hook", "heartbeatTimeout", 200),
            says: [
                "targets: deregistrationDelay is 300 s, must be shorter than group's drain hook of 200 s",
            ],
        },
    },
    "logcaster-balancer-span-zones": {
        "one subnet": {
            change: (s) => s.set("alb", "subnets", ["subnet-1"]),
            says: ["alb: the number of zones is 1, limit 2 (minZones)"],
        },
        "one address": {
            change: (s) =>
                s
                    .set("nlb", "subnets", undefined)
                    .refer("nlb", "subnets")
                    .set("nlb", "subnetMappings", [{ subnetId: "subnet-1" }]),
            says: ["nlb: the number of zones is 1, limit 2 (minZones)"],
        },
        "more zones asked for": {
            change: (s) => s.remove("alb", "nlb", "nlb-elsewhere"),
            config: { minZones: 3 },
            says: ["classic: the number of zones is 2, limit 3 (minZones)"],
        },
        "subnets not known yet, made from one": {
            change: (s) => s.set("alb", "subnets", UNKNOWN).refer("alb", "subnets", "subnet-b"),
            says: ["alb: the number of zones is 1, limit 2 (minZones)"],
        },
    },
    "logcaster-balancer-filter-requests": {
        "no firewall": {
            change: (s) => s.set("alb", "internal", false).remove("firewall"),
            says: ["alb: no web ACL is associated with the public load balancer"],
        },
        "a firewall, by its name not known yet": { change: (s) => s.set("alb", "internal", false) },
        "an internal load balancer": { change: (s) => s.remove("firewall") },
        "what it faces not known yet": {
            change: (s) => s.set("alb", "internal", UNKNOWN).remove("firewall"),
            says: ["alb: no web ACL is associated with the public load balancer"],
        },
    },
    "logcaster-balancer-face-inwards": {
        "front doors": {
            change: (s) => s.set("nlb", "internal", false).set("classic", "internal", undefined),
            says: [
                `nlb: the load balancer faces the internet, ${FRONT_DOOR}`,
                `classic: the load balancer faces the internet, ${FRONT_DOOR}`,
            ],
        },
        "what it faces not known yet": {
            change: (s) => s.set("nlb", "internal", UNKNOWN),
            unknown: ["internal"],
        },
    },
};
