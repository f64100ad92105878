/** Names that answer everybody, everywhere, from something that is well. */
import { isMade, refersTo, referrers } from "./references";
import {
    NOT_APPLICABLE,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import {
    CLASSIC_LOAD_BALANCER,
    HOSTED_ZONE,
    HOSTED_ZONE_DNSSEC,
    LOAD_BALANCER,
    QUERY_LOG,
    RECORD,
} from "./types";
import { given, known } from "./unknown";

interface DnsRecord {
    readonly name: string;
    readonly type: string;
    readonly zoneId: string;
    readonly setIdentifier?: string;
    readonly healthCheckId?: string;
    readonly records?: readonly string[];
    readonly aliases?: readonly {
        readonly name: string;
        readonly evaluateTargetHealth: boolean;
    }[];
    readonly geolocationRoutingPolicies?: readonly Area[];
    readonly latencyRoutingPolicies?: readonly object[];
    readonly failoverRoutingPolicies?: readonly { readonly type: string }[];
    readonly weightedRoutingPolicies?: readonly object[];
    readonly geoproximityRoutingPolicy?: object;
    readonly multivalueAnswerRoutingPolicy?: boolean;
}

interface Area {
    readonly continent?: string;
    readonly country?: string;
    readonly subdivision?: string;
}

type RecordInStack = StackResource<DnsRecord>;

/** The area that answers whoever no other record answers. */
const EVERYBODY = "*";

function areaOf(record: RecordInStack): string | undefined {
    const area = known(() => record.props.geolocationRoutingPolicies?.[0]);
    if (!area) return undefined;
    const parts = [area.continent, area.country, area.subdivision].filter((part) => part);
    return parts.join("/");
}

/** Names compare without their last dot and in lower case. */
function plainName(name: string): string {
    return name.toLowerCase().replace(/\.$/, "");
}

/** The records of one name and type: what Route 53 chooses from. */
function siblings(record: RecordInStack, stack: Stack): readonly RecordInStack[] {
    const { name, type } = record.props;
    return stack
        .of<DnsRecord>(RECORD)
        .filter(
            (other) =>
                known(() => other.props.type) === type &&
                plainName(known(() => other.props.name) ?? "") === plainName(name),
        );
}

/** Judges a set of records once, by its first geolocation record. */
function firstOfItsAreas(record: RecordInStack, stack: Stack): boolean {
    return siblings(record, stack).find((other) => areaOf(other) !== undefined) === record;
}

export function* answersEverybody(record: RecordInStack, _config: object, stack: Stack): Verdict {
    if (areaOf(record) === undefined || !firstOfItsAreas(record, stack)) return NOT_APPLICABLE;
    const areas = siblings(record, stack).map(areaOf);
    if (!areas.includes(EVERYBODY)) {
        yield `${record.props.name} answers ${areas.filter((area) => area).join(", ")} and nobody else, must have a record for country *`;
    }
}

export function* areasOnce(record: RecordInStack, _config: object, stack: Stack): Verdict {
    const area = areaOf(record);
    if (area === undefined) return NOT_APPLICABLE;
    const same = siblings(record, stack).filter((other) => areaOf(other) === area);
    if (same[0] !== record) {
        yield `the area ${area} of ${record.props.name} is named by ${same[0]?.name} too, must be once`;
    }
}

interface RegionalResource {
    readonly region?: string;
}

/** The load balancers that a record's answers can come from, through aliases to records of the stack. */
function balancersBehind(
    record: RecordInStack,
    stack: Stack,
    seen: Set<string> = new Set(),
): StackResource<RegionalResource>[] {
    if (seen.has(record.urn)) return [];
    seen.add(record.urn);
    const made = record.references["aliases"] ?? [];
    const balancers = stack
        .of<RegionalResource>([...LOAD_BALANCER, ...CLASSIC_LOAD_BALANCER])
        .filter((balancer) => made.some(({ urn }) => urn === balancer.urn));
    return [
        ...balancers,
        ...aliasTargets(record, stack).flatMap((next) => balancersBehind(next, stack, seen)),
    ];
}

/** The records that a record's aliases name. */
function aliasTargets(record: RecordInStack, stack: Stack): RecordInStack[] {
    const made = record.references["aliases"] ?? [];
    const name = known(() => record.props.aliases?.[0]?.name);
    const type = known(() => record.props.type);
    return stack.of<DnsRecord>(RECORD).filter((other) => {
        if (other.urn === record.urn || known(() => other.props.type) !== type) return false;
        const otherName = known(() => other.props.name);
        return (
            made.some(({ urn }) => urn === other.urn) ||
            siblingNamed(made, otherName) ||
            (name !== undefined &&
                otherName !== undefined &&
                plainName(name) === plainName(otherName))
        );
    });
}

/** An alias made from one record of a set answers with the whole set. */
function siblingNamed(made: readonly StackResource[], name: string | undefined): boolean {
    return made.some(
        (resource) =>
            RECORD.includes(resource.type) &&
            name !== undefined &&
            known(() => (resource.props as DnsRecord).name) === name,
    );
}

/** With the default's own region gone, everybody without an area of their own would get no answer. */
export function* defaultFallsOver(
    record: RecordInStack,
    { minRegions }: { minRegions: number },
    stack: Stack,
): Verdict {
    if (areaOf(record) !== EVERYBODY) return NOT_APPLICABLE;
    const balancers = balancersBehind(record, stack);
    const places = new Set(balancers.map((b) => known(() => b.props.region) ?? b.urn));
    if (places.size < minRegions) {
        yield `the number of regions behind ${record.props.name}'s default record is ${places.size}, limit ${minRegions} (minRegions)`;
    }
}

const ROUTINGS = [
    "geolocationRoutingPolicies",
    "latencyRoutingPolicies",
    "failoverRoutingPolicies",
    "weightedRoutingPolicies",
    "geoproximityRoutingPolicy",
    "multivalueAnswerRoutingPolicy",
] as const;

export function* healthDecides({ props }: Resource<DnsRecord>): Verdict {
    if (!ROUTINGS.some((routing) => given(() => props[routing]))) return NOT_APPLICABLE;
    if (given(() => props.healthCheckId)) return;
    if (props.aliases?.some((alias) => alias.evaluateTargetHealth === true)) return;
    yield `${props.name} (${props.setIdentifier}) has no health check and does not evaluate its target's health`;
}

/** What an alias of this project may end at. */
const ALIAS_TARGETS =
    /^aws:(lb|alb|elb|elasticloadbalancing|elasticloadbalancingv2|applicationloadbalancing|route53|cloudfront|globalaccelerator|apigateway|apigatewayv2|s3|ec2)\//;

export function* aliasesOfThisStack(record: RecordInStack, _config: object, stack: Stack): Verdict {
    if (!isMade(record, "aliases")) return NOT_APPLICABLE;
    const made = record.references["aliases"] ?? [];
    if (made.some(({ type }) => ALIAS_TARGETS.test(type) && !HOSTED_ZONE.includes(type))) return;
    if (aliasTargets(record, stack).length > 0) return;
    const name = known(() => record.props.aliases?.[0]?.name);
    const named = stack
        .of<{ readonly dnsName?: string }>([...LOAD_BALANCER, ...CLASSIC_LOAD_BALANCER])
        .some((balancer) => name !== undefined && known(() => balancer.props.dnsName) === name);
    if (!named) {
        yield wrong(
            `${record.props.name}'s alias`,
            name ?? "made of nothing in the stack",
            "a load balancer or record of this stack",
        );
    }
}

/** Addresses that nothing in the stack owns can pass to somebody else. */
export function* addressesOfResources(record: RecordInStack): Verdict {
    const type = known(() => record.props.type);
    if ((type !== "A" && type !== "AAAA") || !isMade(record, "records")) return NOT_APPLICABLE;
    if ((record.references["records"] ?? []).length === 0) {
        yield wrong(
            `${record.props.name}'s records`,
            known(() => record.props.records),
            "addresses of resources of this stack",
        );
    }
}

interface Zone {
    readonly vpcs?: readonly object[];
}

function isPublic(zone: StackResource<Zone>): boolean {
    const { vpcs } = zone.references;
    return (vpcs ?? []).length === 0 && (known(() => zone.props.vpcs) ?? []).length === 0;
}

interface SignedZone {
    readonly hostedZoneId: string;
}

export function* signed(zone: StackResource<Zone>, _config: object, stack: Stack): Verdict {
    if (!isPublic(zone)) return NOT_APPLICABLE;
    if (referrers<SignedZone>(stack, HOSTED_ZONE_DNSSEC, "hostedZoneId", zone).length === 0) {
        yield "the public zone is not signed by DNSSEC";
    }
}

interface LoggedZone {
    readonly zoneId: string;
}

export function* queriesLogged(zone: StackResource<Zone>, _config: object, stack: Stack): Verdict {
    if (!isPublic(zone)) return NOT_APPLICABLE;
    const logs = stack.of<LoggedZone>(QUERY_LOG).filter((log) => refersTo(log, "zoneId", zone));
    if (logs.length === 0) yield "the public zone's queries are not logged";
}
