/** Load balancers, their listeners and target groups. */
import type { Group, LifecycleHook } from "./group-shape";
import { countZones, refersTo, referrers } from "./references";
import {
    NOT_APPLICABLE,
    atLeast,
    atMost,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { CLASSIC_LOAD_BALANCER, GROUP, LIFECYCLE_HOOK, WEB_ACL_ASSOCIATION } from "./types";
import { known } from "./unknown";

interface LoadBalancer {
    readonly loadBalancerType?: string;
    readonly internal?: boolean;
    readonly accessLogs?: { readonly enabled?: boolean };
    readonly enableDeletionProtection?: boolean;
    readonly enableCrossZoneLoadBalancing?: boolean;
    readonly crossZoneLoadBalancing?: boolean;
    readonly dropInvalidHeaderFields?: boolean;
    readonly desyncMitigationMode?: string;
    readonly subnets?: readonly string[];
    readonly subnetMappings?: readonly object[];
    readonly availabilityZones?: readonly string[];
}

/** What the providers assume where a property is left out. */
const DEFAULTS = {
    loadBalancerType: "application",
    desyncMitigationMode: "defensive",
    healthCheckIntervalSeconds: 30,
    deregistrationDelaySeconds: 300,
    lifecycleHookSeconds: 3600,
} as const;

type Kind = "application" | "network" | "gateway" | "classic";

function kindOf({ type, props }: Resource<LoadBalancer>): Kind {
    if (CLASSIC_LOAD_BALANCER.includes(type)) return "classic";
    return (known(() => props.loadBalancerType) ?? DEFAULTS.loadBalancerType) as Kind;
}

export function* accessLogs(balancer: Resource<LoadBalancer>): Verdict {
    if (kindOf(balancer) === "gateway") return NOT_APPLICABLE;
    const logs = balancer.props.accessLogs;
    /** A classic balancer's logs are on once they are described. */
    const enabled = logs && kindOf(balancer) === "classic" ? logs.enabled !== false : logs?.enabled;
    if (enabled !== true) yield wrong("accessLogs.enabled", enabled, "true");
}

export function* deletionProtection({ props }: Resource<LoadBalancer>): Verdict {
    if (props.enableDeletionProtection !== true) {
        yield wrong("enableDeletionProtection", props.enableDeletionProtection, "true");
    }
}

export function* crossZone(balancer: Resource<LoadBalancer>): Verdict {
    const { props } = balancer;
    switch (kindOf(balancer)) {
        case "application":
            return NOT_APPLICABLE;
        case "classic":
            if (props.crossZoneLoadBalancing === false) {
                yield wrong("crossZoneLoadBalancing", false, "true");
            }
            return;
        default:
            if (props.enableCrossZoneLoadBalancing !== true) {
                yield wrong(
                    "enableCrossZoneLoadBalancing",
                    props.enableCrossZoneLoadBalancing,
                    "true",
                );
            }
    }
}

export function* invalidHeadersDropped(balancer: Resource<LoadBalancer>): Verdict {
    if (kindOf(balancer) !== "application") return NOT_APPLICABLE;
    const dropped = balancer.props.dropInvalidHeaderFields;
    if (dropped !== true) yield wrong("dropInvalidHeaderFields", dropped, "true");
}

export function* desyncMitigated(
    balancer: Resource<LoadBalancer>,
    { allowedModes }: { allowedModes: string[] },
): Verdict {
    if (!["application", "classic"].includes(kindOf(balancer))) return NOT_APPLICABLE;
    const mode = balancer.props.desyncMitigationMode ?? DEFAULTS.desyncMitigationMode;
    if (!allowedModes.includes(mode)) {
        yield `desyncMitigationMode is ${mode}, limit ${allowedModes.join(" or ")} (allowedModes)`;
    }
}

export function* balancerInSeveralZones(
    balancer: StackResource<LoadBalancer>,
    { minZones }: { minZones: number },
): Verdict {
    const zones = countZones(balancer, ["subnets", "subnetMappings", "availabilityZones"]);
    yield* atLeast("the number of zones", zones, minZones, "minZones");
}

export function* internal({ props }: Resource<LoadBalancer>): Verdict {
    if (props.internal !== true) {
        yield "the load balancer faces the internet, must be internal or a recorded exception";
    }
}

interface Association {
    readonly resourceArn: string;
}

export function* webAclInFront(
    balancer: StackResource<LoadBalancer>,
    _config: object,
    stack: Stack,
): Verdict {
    if (kindOf(balancer) !== "application" || known(() => balancer.props.internal) === true) {
        return NOT_APPLICABLE;
    }
    if (referrers<Association>(stack, WEB_ACL_ASSOCIATION, "resourceArn", balancer).length === 0) {
        yield "no web ACL is associated with the public load balancer";
    }
}

interface Listener {
    readonly protocol?: string;
    readonly port?: number;
    readonly sslPolicy?: string;
    readonly defaultActions?: readonly {
        readonly type: string;
        readonly redirect?: { readonly protocol?: string };
    }[];
    /** Of a classic load balancer. */
    readonly listeners?: readonly { readonly lbProtocol: string; readonly lbPort: number }[];
}

/** Where `protocol` is left out, a redirect keeps that of the request. */
const KEEP_PROTOCOL = "#{protocol}";

export function* secureProtocol(
    { type, props }: Resource<Listener>,
    { allowedProtocols }: { allowedProtocols: string[] },
): Verdict {
    const allowed = `${allowedProtocols.join(", ")} or an HTTP redirect`;
    if (CLASSIC_LOAD_BALANCER.includes(type)) {
        for (const { lbPort, lbProtocol } of props.listeners ?? []) {
            const protocol = lbProtocol.toUpperCase().replace("SSL", "TLS");
            if (!allowedProtocols.includes(protocol)) {
                yield `protocol of port ${lbPort} is ${lbProtocol}, limit ${allowed} (allowedProtocols)`;
            }
        }
        return;
    }
    const redirects = (props.defaultActions ?? []).some((action) => action.type === "redirect");
    const { protocol } = props;
    /** A gateway load balancer's listener has none. */
    if (!protocol) return NOT_APPLICABLE;
    if (!allowedProtocols.includes(protocol) && !(protocol === "HTTP" && redirects)) {
        yield `protocol of port ${props.port} is ${protocol}, limit ${allowed} (allowedProtocols)`;
    }
}

export function* redirectsToHttps({ props }: Resource<Listener>): Verdict {
    if (props.protocol !== "HTTP") return NOT_APPLICABLE;
    const redirect = props.defaultActions?.find((action) => action.redirect)?.redirect;
    if (!redirect) {
        yield `port ${props.port} answers HTTP, must redirect to HTTPS`;
    } else if (redirect.protocol !== "HTTPS") {
        yield wrong("redirect.protocol", redirect.protocol ?? KEEP_PROTOCOL, "HTTPS");
    }
}

/** What AWS takes where `sslPolicy` is left out. */
const DEFAULT_SSL_POLICY = "ELBSecurityPolicy-2016-08";

export function* tlsFloor(
    { props }: Resource<Listener>,
    { allowedPolicies }: { allowedPolicies: string },
): Verdict {
    if (props.protocol !== "HTTPS" && props.protocol !== "TLS") return NOT_APPLICABLE;
    const policy = props.sslPolicy ?? DEFAULT_SSL_POLICY;
    if (!new RegExp(allowedPolicies).test(policy)) {
        yield `sslPolicy is ${policy}, limit TLS 1.2 or newer (allowedPolicies)`;
    }
}

interface TargetGroup {
    readonly targetType?: string;
    readonly healthCheck?: { readonly enabled?: boolean; readonly interval?: number };
    readonly deregistrationDelay?: number;
    readonly loadBalancingCrossZoneEnabled?: string;
}

export function* healthChecked({ props }: Resource<TargetGroup>): Verdict {
    if (props.targetType === "lambda") return NOT_APPLICABLE;
    if (!props.healthCheck) yield wrong("healthCheck", undefined, "given");
    else if (props.healthCheck.enabled === false) yield wrong("healthCheck.enabled", false, "true");
}

export function* checkedAtInterval(
    { props }: Resource<TargetGroup>,
    { maxIntervalSeconds }: { maxIntervalSeconds: number },
): Verdict {
    if (props.targetType === "lambda") return NOT_APPLICABLE;
    const interval = props.healthCheck?.interval ?? DEFAULTS.healthCheckIntervalSeconds;
    yield* atMost("healthCheck.interval", interval, maxIntervalSeconds, "maxIntervalSeconds");
}

export function* targetsCrossZones({ props }: Resource<TargetGroup>): Verdict {
    if (props.loadBalancingCrossZoneEnabled === "false") {
        yield wrong("loadBalancingCrossZoneEnabled", "false", "true");
    }
}

const TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

/** An instance that ends before its connections have left cuts them. */
export function* drainedBeforeTheEnd(
    targets: StackResource<TargetGroup>,
    _config: object,
    stack: Stack,
): Verdict {
    const groups = stack
        .of<Group>(GROUP)
        .filter((group) => refersTo(group, "targetGroupArns", targets));
    if (groups.length === 0) return NOT_APPLICABLE;
    const delay =
        known(() => targets.props.deregistrationDelay) ?? DEFAULTS.deregistrationDelaySeconds;
    for (const group of groups) {
        const attached = referrers<LifecycleHook>(
            stack,
            LIFECYCLE_HOOK,
            "autoscalingGroupName",
            group,
        ).map((hook) => hook.props);
        const inline = known(() => group.props.initialLifecycleHooks) ?? [];
        const waits = [...inline, ...attached]
            .filter((hook) => hook.lifecycleTransition === TERMINATING)
            .map((hook) => known(() => hook.heartbeatTimeout) ?? DEFAULTS.lifecycleHookSeconds);
        const drain = Math.max(0, ...waits);
        if (waits.length === 0) {
            yield `${group.name} has no terminating lifecycle hook, must wait longer than deregistrationDelay ${delay} s`;
        } else if (drain <= delay) {
            yield wrong(
                "deregistrationDelay",
                `${delay} s`,
                `shorter than ${group.name}'s drain hook of ${drain} s`,
            );
        }
    }
}
