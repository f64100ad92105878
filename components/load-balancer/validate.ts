import { because } from "logcaster-model/aws-rules";
import { isBlock } from "logcaster-model/cidr";
import type { LimitId } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { allowedText } from "logcaster-model/settings/fields";
import { isAllowed } from "../problems";
import {
    BalancerTargetType,
    BalancingStrategy,
    DesyncMode,
    type LoadBalancerTierArgs,
} from "./args";
import { LOAD_BALANCER_DEFAULTS, MAX_LOGICAL_NAME, MODERN_TLS_POLICY } from "./defaults";

const STRATEGIES: readonly string[] = Object.values(BalancingStrategy);
const TARGET_TYPES: readonly string[] = Object.values(BalancerTargetType);

/** What the arguments decide, defaults filled in. */
export type LoadBalancerChoice = ReturnType<typeof choose>;

/** Fills in what was not given. */
export function choose(args: LoadBalancerTierArgs) {
    const d = LOAD_BALANCER_DEFAULTS;
    const h = args.healthCheck;
    return {
        port: args.port ?? d.port,
        httpPort: args.httpPort ?? d.httpPort,
        tls: args.tls ?? d.tls,
        tlsPolicy: args.tlsPolicy ?? d.tlsPolicy,
        strategy: args.strategy ?? d.strategy,
        targetType: args.targetType ?? d.targetType,
        allowedCidrs: args.allowedCidrs ?? d.allowedCidrs,
        healthCheck: {
            intervalSeconds: h.intervalSeconds ?? d.healthCheck.intervalSeconds,
            timeoutSeconds: h.timeoutSeconds ?? d.healthCheck.timeoutSeconds,
            healthyThreshold: h.healthyThreshold ?? d.healthCheck.healthyThreshold,
            unhealthyThreshold: h.unhealthyThreshold ?? d.healthCheck.unhealthyThreshold,
            port: h.port,
        },
        deregistrationDelaySeconds: args.deregistrationDelaySeconds ?? d.deregistrationDelaySeconds,
        tcpIdleTimeoutSeconds: args.tcpIdleTimeoutSeconds ?? d.tcpIdleTimeoutSeconds,
        httpIdleTimeoutSeconds: args.httpIdleTimeoutSeconds ?? d.httpIdleTimeoutSeconds,
        desyncMode: args.desyncMode ?? d.desyncMode,
        deletionProtection: args.deletionProtection ?? d.deletionProtection,
        accessLogs: args.accessLogs ?? d.accessLogs,
        accessLogDays: args.accessLogDays ?? d.accessLogDays,
        protect: args.protect ?? d.protect,
    };
}

/** Every mistake in the component's name and arguments. */
export function loadBalancerProblems(name: string, args: LoadBalancerTierArgs): Problem[] {
    const choice = choose(args);
    return [
        ...names(name),
        ...numbers(choice),
        ...ports(choice),
        ...oneOf("strategy", choice.strategy, STRATEGIES),
        ...oneOf("targetType", choice.targetType, TARGET_TYPES),
        ...tls(args, choice),
        ...doors(choice),
    ];
}

/** Suffixes of the children whose physical names AWS keeps short. */
export const SHORT_NAMED = ["nlb", "alb", "tcp", "http"] as const;

function names(name: string): Problem[] {
    const longest = Math.max(...SHORT_NAMED.map((suffix) => suffix.length + 1));
    const max = MAX_LOGICAL_NAME - longest;
    return name.length <= max
        ? []
        : [
              {
                  path: "name",
                  value: name,
                  allowed: `at most ${max} characters: AWS names load balancers and target groups with up to 32, of which a suffix and autonaming take ${32 - max}`,
              },
          ];
}

function numbers(choice: LoadBalancerChoice): Problem[] {
    const { healthCheck: h } = choice;
    const rows: [string, number, LimitId][] = [
        ["port", choice.port, "service.port"],
        ["httpPort", choice.httpPort, "service.httpPort"],
        ["healthCheck.port", h.port, "service.httpPort"],
        [
            "healthCheck.intervalSeconds",
            h.intervalSeconds,
            "loadBalancer.healthCheck.intervalSeconds",
        ],
        ["healthCheck.timeoutSeconds", h.timeoutSeconds, "loadBalancer.healthCheck.timeoutSeconds"],
        [
            "healthCheck.healthyThreshold",
            h.healthyThreshold,
            "loadBalancer.healthCheck.healthyThreshold",
        ],
        [
            "healthCheck.unhealthyThreshold",
            h.unhealthyThreshold,
            "loadBalancer.healthCheck.unhealthyThreshold",
        ],
        [
            "deregistrationDelaySeconds",
            choice.deregistrationDelaySeconds,
            "loadBalancer.deregistrationDelaySeconds",
        ],
        [
            "tcpIdleTimeoutSeconds",
            choice.tcpIdleTimeoutSeconds,
            "loadBalancer.tcpIdleTimeoutSeconds",
        ],
        [
            "httpIdleTimeoutSeconds",
            choice.httpIdleTimeoutSeconds,
            "loadBalancer.httpIdleTimeoutSeconds",
        ],
        ["accessLogDays", choice.accessLogDays, "loadBalancer.accessLogDays"],
    ];
    const found = rows
        .filter(([, value, id]) => !isAllowed(id, value))
        .map(([path, value, id]) => ({ path, value, allowed: allowedText(id) }));
    if (h.timeoutSeconds >= h.intervalSeconds) {
        found.push({
            path: "healthCheck.timeoutSeconds",
            value: h.timeoutSeconds,
            allowed: `less than intervalSeconds ${h.intervalSeconds}: ${because("targetGroup.timeoutUnderInterval")}`,
        });
    }
    return found;
}

/** The ports of an instance are three different ones: the agent answers beside the service. */
function ports({ port, httpPort, healthCheck }: LoadBalancerChoice): Problem[] {
    const found: Problem[] = [];
    if (port === httpPort) {
        found.push({ path: "httpPort", value: httpPort, allowed: "a port other than `port`" });
    }
    if (healthCheck.port === port || healthCheck.port === httpPort) {
        found.push({
            path: "healthCheck.port",
            value: healthCheck.port,
            allowed: "a port other than `port` and `httpPort`: the local agent listens on it",
        });
    }
    return found;
}

function oneOf(path: string, given: string, words: readonly string[]): Problem[] {
    return words.includes(given) ? [] : [{ path, value: given, allowed: words.join(" or ") }];
}

function tls(args: LoadBalancerTierArgs, choice: LoadBalancerChoice): Problem[] {
    const { certificateArn, region } = args;
    const found: Problem[] = [];
    if (choice.tls && certificateArn === undefined) {
        found.push({
            path: "certificateArn",
            value: undefined,
            allowed: `a certificate while tls is true: ${because("nlb.tlsNeedsCertificate")}`,
        });
    }
    if (certificateArn !== undefined && certificateArn.split(":")[3] !== region) {
        found.push({
            path: "certificateArn",
            value: certificateArn,
            allowed: `a certificate in ${region}: ${because("certificate.region")}`,
        });
    }
    if (!MODERN_TLS_POLICY.test(choice.tlsPolicy)) {
        found.push({
            path: "tlsPolicy",
            value: choice.tlsPolicy,
            allowed: `a security policy whose oldest version is TLS 1.2, such as ${LOAD_BALANCER_DEFAULTS.tlsPolicy}`,
        });
    }
    return found;
}

function doors({ allowedCidrs, desyncMode }: LoadBalancerChoice): Problem[] {
    const found: Problem[] = [];
    if (allowedCidrs.length === 0) {
        found.push({
            path: "allowedCidrs",
            value: allowedCidrs,
            allowed: "at least one IPv4 block, or nobody can connect",
        });
    }
    allowedCidrs.forEach((cidr, i) => {
        const path = `allowedCidrs[${i}]`;
        if (!isBlock(cidr)) {
            found.push({
                path,
                value: cidr,
                allowed: "an IPv4 block such as 203.0.113.0/24, address bits after the prefix zero",
            });
        } else if (allowedCidrs.indexOf(cidr) !== i) {
            found.push({ path, value: cidr, allowed: "each block once" });
        }
    });
    const modes: readonly string[] = Object.values(DesyncMode);
    if (!modes.includes(desyncMode)) {
        found.push({ path: "desyncMode", value: desyncMode, allowed: modes.join(" or ") });
    }
    return found;
}
