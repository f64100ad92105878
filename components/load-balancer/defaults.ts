import { LIMITS } from "logcaster-model/limits";
import { BalancerTargetType, BalancingStrategy, DesyncMode } from "./args";

export const LOAD_BALANCER_DEFAULTS = Object.freeze({
    port: LIMITS["service.port"].value,
    httpPort: LIMITS["service.httpPort"].value,
    tls: false,
    /** What the console takes: TLS 1.3 and 1.2 with forward secrecy, hybrid post-quantum key exchange. */
    tlsPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    strategy: BalancingStrategy.FlowHash,
    targetType: BalancerTargetType.Instance,
    allowedCidrs: Object.freeze(["0.0.0.0/0"]),
    healthCheck: Object.freeze({
        intervalSeconds: LIMITS["loadBalancer.healthCheck.intervalSeconds"].value,
        timeoutSeconds: LIMITS["loadBalancer.healthCheck.timeoutSeconds"].value,
        healthyThreshold: LIMITS["loadBalancer.healthCheck.healthyThreshold"].value,
        unhealthyThreshold: LIMITS["loadBalancer.healthCheck.unhealthyThreshold"].value,
    }),
    deregistrationDelaySeconds: LIMITS["loadBalancer.deregistrationDelaySeconds"].value,
    tcpIdleTimeoutSeconds: LIMITS["loadBalancer.tcpIdleTimeoutSeconds"].value,
    httpIdleTimeoutSeconds: LIMITS["loadBalancer.httpIdleTimeoutSeconds"].value,
    desyncMode: DesyncMode.Defensive,
    deletionProtection: true,
    accessLogs: true,
    accessLogDays: LIMITS["loadBalancer.accessLogDays"].value,
    protect: true,
});

/** Front door of the HTTP load balancer. */
export const HTTP_PORT = 80;
export const HTTPS_PORT = 443;

export const HEALTH_PATH = "/health";
/** The one status that counts as healthy. */
export const HEALTHY_STATUS = "200";

/**
 * Longest logical name of a load balancer or target group: AWS takes 32 characters, autonaming adds a hyphen and 7 digits.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 */
export const MAX_LOGICAL_NAME = 24;

/** Names of security policies with TLS 1.2 as the oldest version. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const MODERN_TLS_POLICY = /^ELBSecurityPolicy-(TLS13-1-[23]-|TLS-1-2-|FS-1-2-)/;

/** Where each balancer's logs lie in the bucket. */
export const LOG_PREFIX = Object.freeze({ nlb: "nlb", alb: "alb" });

/**
 * The accounts that wrote an application load balancer's logs before August 2022 and, in these regions, may still do so; the
 * service principal, which every region knows, stands beside them in the policy.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export const LEGACY_LOG_ACCOUNTS: Readonly<Record<string, string>> = Object.freeze({
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
});
