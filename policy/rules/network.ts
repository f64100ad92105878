/** Networks and security groups: what is logged, what is closed, what is open and says why. */
import { refersTo, referrers } from "./references";
import {
    NOT_APPLICABLE,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import {
    DEFAULT_SECURITY_GROUP,
    FLOW_LOG,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS,
    SECURITY_GROUP_RULE,
} from "./types";
import { given, known } from "./unknown";

interface BelongsToVpc {
    readonly vpcId?: string;
}

export function* flowLogged(vpc: StackResource, _config: object, stack: Stack): Verdict {
    if (referrers<BelongsToVpc>(stack, FLOW_LOG, "vpcId", vpc).length === 0) {
        yield "no flow log records the network's traffic";
    }
}

interface DefaultGroup extends BelongsToVpc {
    readonly ingress?: readonly object[];
    readonly egress?: readonly object[];
}

export function* defaultGroupManaged(vpc: StackResource, _config: object, stack: Stack): Verdict {
    if (referrers<BelongsToVpc>(stack, DEFAULT_SECURITY_GROUP, "vpcId", vpc).length === 0) {
        yield "the network's default security group is as AWS made it, open between its members";
    }
}

export function* defaultGroupClosed({ props }: Resource<DefaultGroup>): Verdict {
    for (const direction of ["ingress", "egress"] as const) {
        if (given(() => props[direction])) {
            yield wrong(`the default security group's ${direction}`, "given", "left out");
        }
    }
}

interface Subnet {
    readonly mapPublicIpOnLaunch?: boolean;
}

export function* noAutomaticPublicAddress({ props }: Resource<Subnet>): Verdict {
    if (props.mapPublicIpOnLaunch === true) yield wrong("mapPublicIpOnLaunch", true, "false");
}

/** A rule, whether it stands inside a group or is a resource of its own; the three resources name things differently. */
interface Rule {
    readonly type?: string;
    readonly description?: string;
    readonly protocol?: string;
    readonly ipProtocol?: string;
    readonly fromPort?: number;
    readonly toPort?: number;
    readonly cidrIpv4?: string;
    readonly cidrIpv6?: string;
    readonly cidrBlocks?: readonly string[];
    readonly ipv6CidrBlocks?: readonly string[];
    readonly securityGroupId?: string;
}

interface SecurityGroup {
    readonly description?: string;
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
}

/** What the provider writes where a group's description is left out. */
const DEFAULT_DESCRIPTIONS = [undefined, "", "Managed by Pulumi", "Managed by Terraform"];

export function* described({ type, props }: Resource<Rule & SecurityGroup>): Verdict {
    const description = given(() => props.description)
        ? (known(() => props.description) ?? "not known yet")
        : undefined;
    if (DEFAULT_DESCRIPTIONS.includes(description)) {
        yield wrong("description", description, "what the rule or group is for");
    }
    if (!SECURITY_GROUP.includes(type)) return;
    for (const direction of ["ingress", "egress"] as const) {
        for (const rule of props[direction] ?? []) {
            if (!given(() => rule.description)) {
                yield wrong(`${direction} ${portsOf(rule)}'s description`, undefined, "given");
            }
        }
    }
}

const WORLD = ["0.0.0.0/0", "::/0"];
const ALL_PROTOCOLS = ["-1", "all"];

function worldOf(rule: Rule): string | undefined {
    return [
        rule.cidrIpv4,
        rule.cidrIpv6,
        ...(rule.cidrBlocks ?? []),
        ...(rule.ipv6CidrBlocks ?? []),
    ].find((cidr) => cidr !== undefined && WORLD.includes(cidr));
}

function portsOf(rule: Rule): string {
    const protocol = rule.ipProtocol ?? rule.protocol ?? "";
    if (ALL_PROTOCOLS.includes(protocol)) return "every port";
    const { fromPort, toPort } = rule;
    return `${protocol} ${fromPort === toPort ? fromPort : `${fromPort} to ${toPort}`}`;
}

function rulesOf(
    { type, props }: Resource<Rule & SecurityGroup>,
    direction: "ingress" | "egress",
): readonly Rule[] {
    if (SECURITY_GROUP.includes(type)) return props[direction] ?? [];
    const own = SECURITY_GROUP_EGRESS.includes(type) ? "egress" : (props.type ?? "ingress");
    return own === direction ? [props] : [];
}

export function* closedToTheWorld(resource: Resource<Rule & SecurityGroup>): Verdict {
    for (const rule of rulesOf(resource, "ingress")) {
        const world = worldOf(rule);
        if (world) yield `${portsOf(rule)} is open to ${world}, must be a recorded front door`;
    }
}

export function* egressNamed(resource: Resource<Rule & SecurityGroup>): Verdict {
    for (const rule of rulesOf(resource, "egress")) {
        const world = worldOf(rule);
        if (world && ALL_PROTOCOLS.includes(rule.ipProtocol ?? rule.protocol ?? "")) {
            yield `every port leads out to ${world}, must name a port or a destination`;
        }
    }
}

export function* rulesInOnePlace(
    group: StackResource<SecurityGroup>,
    _config: object,
    stack: Stack,
): Verdict {
    const inline = (["ingress", "egress"] as const).filter(
        (direction) => (known(() => group.props[direction]) ?? []).length > 0,
    );
    if (inline.length === 0) return NOT_APPLICABLE;
    const separate = stack
        .of<Rule>(SECURITY_GROUP_RULE)
        .filter((rule) => refersTo(rule, "securityGroupId", group));
    if (separate.length > 0) {
        yield `the group has rules inline (${inline.join(", ")}) and as resources (${separate.map((rule) => rule.name).join(", ")}), which undo each other`;
    }
}
