import type { CompositeAlarm, ReplayedAlarm } from "logcaster-model/alarms";
import { RegionMonitoring, type RegionMonitoringArgs } from "logcaster-scaling/monitoring";
import { record, type Recorded, type Recording } from "../recorder";

export const REGION = "eu-west-1";

/** A region that has everything that can be monitored. */
export const args = (changes: Partial<RegionMonitoringArgs> = {}): RegionMonitoringArgs => ({
    region: REGION,
    environment: "prod",
    alerts: {
        notifyOps: ["mailto:ops@example.com"],
        pageOncall: ["https://events.example.com/integration"],
        capacityPlanning: ["mailto:capacity@example.com", "mailto:finance@example.com"],
    },
    fleet: {
        groupName: "logcaster-prod-eu-west-1",
        spot: true,
        predictive: true,
        predictivePolicyName: "predict",
    },
    proxies: { groupName: "logcaster-prod-eu-west-1-proxy", spot: false, predictive: false },
    balancer: {
        nlbArnSuffix: "net/nlb/1",
        albArnSuffix: "app/alb/2",
        tcpTargetGroupArnSuffix: "targetgroup/tcp/3",
        httpTargetGroupArnSuffix: "targetgroup/http/4",
    },
    store: { replicationGroupId: "store", shards: 4, copies: 3 },
    cache: { replicationGroupId: "cache", shards: 4, copies: 2 },
    protect: true,
    ...changes,
});

export const recordMonitoring = (changes: Partial<RegionMonitoringArgs> = {}) =>
    record(() => new RegionMonitoring(REGION, args(changes)));

export interface DeployedAlarm extends ReplayedAlarm {
    readonly name: string;
    readonly alarmDescription: string;
    readonly alarmActions: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
}

/** Metric alarms as they go to AWS. */
export const alarmsOf = (recording: Recording<unknown>): DeployedAlarm[] =>
    recording
        .of("aws:cloudwatch/metricAlarm:MetricAlarm")
        .map(({ inputs }: Recorded) => inputs as unknown as DeployedAlarm);

/** Composite alarms as they go to AWS, causes first. */
export const compositesOf = (recording: Recording<unknown>): CompositeAlarm[] =>
    recording
        .of("aws:cloudwatch/compositeAlarm:CompositeAlarm")
        .map(({ inputs }: Recorded) => inputs as unknown as CompositeAlarm);

/** `<alarm>-<level>`, without which of several. */
export const kindOf = ({ tags }: DeployedAlarm) =>
    `${tags["logcaster:alarm"]}-${tags["logcaster:level"]}`;
