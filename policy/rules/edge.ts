/** CloudFront: how readers reach it, how it reaches its origin, and what remains when that is lost. */
import { isMade, refersTo } from "./references";
import {
    isFalse,
    text,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { LOG_DELIVERY_SOURCE, RECORD } from "./types";
import { given, independently, isUnknown, known } from "./unknown";

interface Behaviour {
    readonly pathPattern?: string;
    readonly viewerProtocolPolicy: string;
}

interface Origin {
    readonly domainName: string;
    readonly customOriginConfig?: {
        readonly originProtocolPolicy: string;
        readonly originSslProtocols: readonly string[];
    };
}

interface Distribution {
    readonly origins: readonly Origin[];
    readonly originGroups?: readonly object[];
    readonly defaultCacheBehavior: Behaviour;
    readonly orderedCacheBehaviors?: readonly Behaviour[];
    readonly viewerCertificate: {
        readonly cloudfrontDefaultCertificate?: boolean;
        readonly minimumProtocolVersion?: string;
    };
    readonly loggingConfig?: object;
    readonly webAclId?: string;
    readonly enabled?: boolean;
}

const PRIVATE = ["https-only", "redirect-to-https"];

export function* readersByHttps({ props }: Resource<Distribution>): Verdict {
    const all = [props.defaultCacheBehavior, ...(props.orderedCacheBehaviors ?? [])];
    yield* independently(
        ...all.map(
            (behaviour) =>
                function* () {
                    const policy = behaviour.viewerProtocolPolicy;
                    if (PRIVATE.includes(policy)) return;
                    const where = behaviour.pathPattern ?? "the default path";
                    yield wrong(`viewerProtocolPolicy of ${where}`, policy, PRIVATE.join(" or "));
                },
        ),
    );
}

export function* viewerTls(
    { props }: Resource<Distribution>,
    { versions }: { versions: readonly string[] },
): Verdict {
    const certificate = props.viewerCertificate;
    if (known(() => certificate.cloudfrontDefaultCertificate) === true) {
        yield "viewerCertificate is CloudFront's own, which admits TLS 1.0, must be one of the account";
        return;
    }
    const version = certificate.minimumProtocolVersion;
    if (version === undefined || !versions.includes(version)) {
        yield `minimumProtocolVersion is ${text(version)}, limit ${text(versions)} (versions)`;
    }
}

export function* originByHttps(
    { props }: Resource<Distribution>,
    { protocols }: { protocols: readonly string[] },
): Verdict {
    yield* independently(
        ...props.origins.map(
            (origin) =>
                function* () {
                    const custom = origin.customOriginConfig;
                    if (custom === undefined) return;
                    const what = `the origin ${known(() => origin.domainName) ?? ""}`.trim();
                    const policy = custom.originProtocolPolicy;
                    if (policy !== "https-only") {
                        yield wrong(`originProtocolPolicy of ${what}`, policy, "https-only");
                    }
                    const old = custom.originSslProtocols.filter(
                        (each) => !protocols.includes(each),
                    );
                    if (old.length > 0) {
                        yield `originSslProtocols of ${what} has ${old.join(", ")}, limit ${text(protocols)} (protocols)`;
                    }
                },
        ),
    );
}

interface LogSource {
    readonly resourceArn: string;
}

/** Logged by itself, or through the delivery of CloudWatch Logs. */
export function* logged(
    distribution: StackResource<Distribution>,
    _config: object,
    stack: Stack,
): Verdict {
    const own = known(() => distribution.props.loggingConfig);
    const delivered = stack
        .of<LogSource>(LOG_DELIVERY_SOURCE)
        .some((source) => refersTo(source, "resourceArn", distribution));
    if (own === undefined && !delivered) {
        yield "nothing logs the requests, must be a loggingConfig or a LogDeliverySource";
    }
}

export function* filtered(distribution: StackResource<Distribution>): Verdict {
    if (!isMade(distribution, "webAclId")) yield wrong("webAclId", undefined, "a web ACL");
}

interface Answer {
    readonly name?: string;
    readonly geolocationRoutingPolicies?: readonly object[];
    readonly latencyRoutingPolicies?: readonly object[];
    readonly failoverRoutingPolicies?: readonly object[];
    readonly healthCheckId?: string;
    readonly aliases?: readonly { readonly evaluateTargetHealth?: boolean }[];
}

const ROUTED = [
    "geolocationRoutingPolicies",
    "latencyRoutingPolicies",
    "failoverRoutingPolicies",
] as const;

/** An origin group, which refuses POST; or an origin whose name Route 53 answers by health, which takes everything. */
export function* fallsOver(
    distribution: StackResource<Distribution>,
    _config: object,
    stack: Stack,
): Verdict {
    const { props } = distribution;
    if (given(() => props.originGroups) && !isUnknown(() => props.originGroups)) return;
    for (const origin of props.origins) {
        const name = origin.domainName;
        const answers = stack
            .of<Answer>(RECORD)
            .filter((record) => known(() => record.props.name) === name);
        if (answers.length > 0 && answers.every(byHealth)) return;
    }
    yield "no origin group, and no origin that a record of the stack routes by health";
}

function byHealth({ props, references }: StackResource<Answer>): boolean {
    if (!ROUTED.some((routing) => given(() => props[routing]))) return false;
    const target = known(() => props.aliases?.[0]?.evaluateTargetHealth);
    if (target !== undefined && !isFalse(target)) return true;
    return (
        (references["healthCheckId"] ?? []).length > 0 ||
        known(() => props.healthCheckId) !== undefined
    );
}
