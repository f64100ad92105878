/** How an auto scaling group is put together: zones, checks, tags, events. */
import { isNodeGroup, type Group } from "./group-shape";
import { countZones, refersTo, referrers } from "./references";
import {
    NOT_APPLICABLE,
    atLeast,
    beyond,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { GROUP_ATTACHMENT, LAUNCH_CONFIGURATION, NOTIFICATION } from "./types";
import { given, independently, known } from "./unknown";

/** What the provider sends when the property is left out. */
const DEFAULT_GRACE_SECONDS = 300;

export const SCALING_EVENTS = [
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
] as const;

export function* elbHealthChecks({ props: group }: Resource<Group>): Verdict {
    const balanced =
        given(() => group.targetGroupArns) ||
        given(() => group.loadBalancers) ||
        given(() => group.trafficSources);
    if (!balanced || isNodeGroup(group)) return NOT_APPLICABLE;
    if (group.healthCheckType !== "ELB") {
        yield wrong("healthCheckType", group.healthCheckType, "ELB behind a load balancer");
    }
}

interface Attachment {
    readonly autoscalingGroupName: string;
}

/** The same for a group that a resource of its own attaches. */
export function* elbHealthChecksWhenAttached(
    group: StackResource<Group>,
    _config: object,
    stack: Stack,
): Verdict {
    const attached =
        referrers<Attachment>(stack, GROUP_ATTACHMENT, "autoscalingGroupName", group).length > 0;
    if (!attached || isNodeGroup(group.props)) return NOT_APPLICABLE;
    if (group.props.healthCheckType !== "ELB") {
        yield wrong("healthCheckType", group.props.healthCheckType, "ELB behind a load balancer");
    }
}

export function* severalZones(
    group: StackResource<Group>,
    { minZones }: { minZones: number },
): Verdict {
    const zones = countZones(group, ["vpcZoneIdentifiers", "availabilityZones"]);
    yield* atLeast("the number of zones", zones, minZones, "minZones");
}

export function* severalInstanceTypes(
    { props: group }: Resource<Group>,
    { minInstanceTypes }: { minInstanceTypes: number },
): Verdict {
    const overrides = group.mixedInstancesPolicy?.launchTemplate.overrides ?? [];
    if (overrides.some((override) => override.instanceRequirements)) return;
    const types = Math.max(1, new Set(overrides.map((override) => override.instanceType)).size);
    yield* atLeast("the number of instance types", types, minInstanceTypes, "minInstanceTypes");
}

export function* launchTemplateUsed({ type, props }: Resource<Group>): Verdict {
    if (LAUNCH_CONFIGURATION.includes(type)) {
        yield "a launch configuration is declared, which takes no new instance types or features";
    } else if (given(() => props.launchConfiguration)) {
        yield "launchConfiguration is set, must be a launchTemplate or a mixedInstancesPolicy";
    }
}

export function* tagsSupplied(
    { props: group }: Resource<Group>,
    { requiredTags }: { requiredTags: string[] },
): Verdict {
    const tags = group.tags ?? [];
    if (tags.length === 0) yield wrong("tags", undefined, "given");
    const keys = tags.map((tag) => tag.key);
    const missing = requiredTags.filter((key) => !keys.includes(key));
    if (missing.length > 0) yield beyond("tags", keys, missing, "requiredTags");
}

export function* graceWithElbChecks(
    { props: group }: Resource<Group>,
    { minGraceSeconds }: { minGraceSeconds: number },
): Verdict {
    if (known(() => group.healthCheckType) !== "ELB") return NOT_APPLICABLE;
    const grace = group.healthCheckGracePeriod ?? DEFAULT_GRACE_SECONDS;
    yield* atLeast("healthCheckGracePeriod", grace, minGraceSeconds, "minGraceSeconds");
}

interface Notification {
    readonly groupNames: readonly string[];
    readonly notifications: readonly string[];
}

export function* scalingEventsNotified(
    group: StackResource<Group>,
    _config: object,
    stack: Stack,
): Verdict {
    const heard = stack
        .of<Notification>(NOTIFICATION)
        .filter((notification) => refersTo(notification, "groupNames", group))
        .flatMap((notification) => [...notification.props.notifications]);
    const unheard = SCALING_EVENTS.filter((event) => !heard.includes(event));
    if (unheard.length > 0) {
        yield `nobody is notified of ${unheard.join(", ")}`;
    }
}

/** Kubernetes nodes: the autoscaler drains and balances them itself, and a load balancer's check is about pods. */
export function* nodesLeftToTheCluster({ props: group }: Resource<Group>): Verdict {
    if (!isNodeGroup(group)) return NOT_APPLICABLE;
    yield* independently(
        function* () {
            const type = group.healthCheckType;
            if (type !== undefined && type !== "EC2") {
                yield wrong("healthCheckType", type, "EC2 for a group of Kubernetes nodes");
            }
        },
        function* () {
            const suspended = group.suspendedProcesses;
            if (!suspended?.includes("AZRebalance")) {
                yield wrong("suspendedProcesses", suspended, "a list with AZRebalance");
            }
        },
    );
}
