/** Alarms that reach somebody, say what silence means, and name what to do; topics that nobody else reads. */
import { refusesPlainText, PLAIN_TRANSPORT } from "./data";
import { isMade, referrers } from "./references";
import { isFalse, NOT_APPLICABLE, wrong, type Resource, type Stack } from "./rule";
import type { StackResource, Verdict } from "./rule";
import { COMPOSITE_ALARM, METRIC_ALARM, TOPIC, TOPIC_POLICY } from "./types";
import { given, isUnknown, known } from "./unknown";

interface Alarm {
    readonly region?: string;
    readonly name?: string;
    readonly alarmName?: string;
    readonly alarmDescription?: string;
    readonly alarmActions?: readonly string[];
    readonly alarmRule?: string;
    readonly actionsEnabled?: boolean;
    readonly datapointsToAlarm?: number;
    readonly treatMissingData?: string;
    readonly tags?: Readonly<Record<string, string>>;
}

/** An alarm acts by itself, or through a composite alarm that looks at it. */
export function* actsOnAlarm(alarm: StackResource<Alarm>, _config: object, stack: Stack): Verdict {
    if (isFalse(known(() => alarm.props.actionsEnabled))) {
        yield wrong("actionsEnabled", false, "true");
    } else if (!isMade(alarm, "alarmActions") && composites(alarm, stack).length === 0) {
        yield "the alarm has no alarm action, and no composite alarm looks at it";
    }
}

function composites(alarm: StackResource<Alarm>, stack: Stack): readonly StackResource<Alarm>[] {
    const named = [known(() => alarm.props.name), known(() => alarm.props.alarmName)];
    const looksAt = (rule: string) => named.some((name) => name && rule.includes(`"${name}"`));
    return stack
        .of<Alarm>(COMPOSITE_ALARM)
        .filter(
            (composite) =>
                composite.references["alarmRule"]?.some(({ urn }) => urn === alarm.urn) ||
                looksAt(known(() => composite.props.alarmRule) ?? ""),
        );
}

/** An alarm that leaves these to defaults alarms on one datapoint in all periods, and forgets its state in silence. */
export function* explicit({ props }: Resource<Alarm>): Verdict {
    if (!given(() => props.datapointsToAlarm)) {
        yield wrong("datapointsToAlarm", undefined, "given");
    }
    if (!given(() => props.treatMissingData)) yield wrong("treatMissingData", undefined, "given");
}

export interface RunbookConfig {
    readonly runbook: string;
}

export function* namesRunbook({ props }: Resource<Alarm>, { runbook }: RunbookConfig): Verdict {
    const description = props.alarmDescription ?? "";
    if (!new RegExp(runbook).test(description)) {
        yield `alarmDescription is ${description || "not set"}, which names no runbook (runbook)`;
    }
}

export interface CoverConfig {
    readonly alarms: readonly string[];
}

/** Whom the brief's alarms must reach, by a part of the topic's name. */
const REACHES: Readonly<Record<string, string>> = {
    ScalingFrequent: "notify-ops",
    ScalingFailed: "page-oncall",
    CapacityLimit: "capacity-planning",
};

/** Names compare without case and hyphens. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

function isCalled(resource: StackResource<Alarm>, tag: string, name: string): boolean {
    const { props } = resource;
    const names = [
        known(() => props.tags?.[tag]),
        known(() => props.name),
        known(() => props.alarmName),
        resource.name,
    ];
    return names.some((each) => each !== undefined && plain(each).includes(plain(name)));
}

/** The topics that an alarm's actions name, itself or through composite alarms. */
function topicsOf(alarm: StackResource<Alarm>, stack: Stack): StackResource<Alarm>[] {
    return [alarm, ...composites(alarm, stack)].flatMap(({ props, references }) => {
        const actions = known(() => props.alarmActions) ?? [];
        return stack.of<Alarm>(TOPIC).filter((topic) => {
            const arn = known(() => (topic.props as { arn?: string }).arn);
            const made = references["alarmActions"]?.some(({ urn }) => urn === topic.urn);
            return made || (arn !== undefined && known(() => actions.includes(arn)));
        });
    });
}

/** The region of a group has the brief's alarms, and each reaches the right people. */
export function* coversScaling(
    group: StackResource<{ readonly region?: string }>,
    { alarms }: CoverConfig,
    stack: Stack,
): Verdict {
    const region = known(() => group.props.region);
    const here = stack
        .of<Alarm>(METRIC_ALARM)
        .filter((alarm) => known(() => alarm.props.region) === region);
    for (const name of alarms) {
        const found = here.filter((alarm) => isCalled(alarm, "logcaster:alarm", name));
        const target = REACHES[name];
        if (found.length === 0) {
            yield `${region ?? "the region"} has no alarm ${name} (alarms)`;
        } else if (
            target !== undefined &&
            !found.some((alarm) =>
                topicsOf(alarm, stack).some((to) => isCalled(to, "logcaster:target", target)),
            )
        ) {
            yield `the alarm ${name} of ${region ?? "the region"} does not reach a topic ${target}`;
        }
    }
}

interface Topic {
    readonly kmsMasterKeyId?: string;
    readonly policy?: string;
}

export function* topicEncrypted({ props }: Resource<Topic>): Verdict {
    if (!given(() => props.kmsMasterKeyId)) yield wrong("kmsMasterKeyId", undefined, "a key");
}

export function* topicTlsOnly(topic: StackResource<Topic>, _config: object, stack: Stack): Verdict {
    const policies = referrers<{ arn: string; policy: string }>(stack, TOPIC_POLICY, "arn", topic);
    if (policies.some((policy) => isUnknown(() => policy.props.policy))) return NOT_APPLICABLE;
    const texts = [...policies.map(({ props }) => props.policy), known(() => topic.props.policy)];
    if (!texts.some(refusesPlainText)) {
        yield `no topic policy denies publishing with ${PLAIN_TRANSPORT} false`;
    }
}
