import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { RedisRole } from "../redis";
import { createAlarm, Target, type AlarmPlace } from "./alarm";
import type { RegionMonitoringArgs } from "./args";
import { balancerAlarms } from "./balancer-alarms";
import { watchEvents } from "./events";
import { eventAlarms, fleetAlarms, nodeAlarms } from "./fleet-alarms";
import { createOutages } from "./outages";
import { redisAlarms } from "./redis-alarms";
import { regionDashboard } from "./region-dashboard";
import { createTopics } from "./topics";

/**
 * Tells people when a region of LogCaster stops working, and shows how it works: three topics, alarms of two levels, one page
 * for what breaks together, a log of scaling events and a dashboard. docs/monitoring.md has the table of alarms.
 *
 * **Cost** a month: 0.10 USD a metric of an alarm, which is about 10 USD with a store of 4 x 3 and a cache of 4 x 2 nodes;
 * 0.50 a composite alarm; 3 a dashboard beyond the account's first three; 1 a key, of which there are two.
 * **Limits**: 5,000 alarms and 300 rules of EventBridge in an account and region; 10 policies of log groups.
 */
export class RegionMonitoring extends pulumi.ComponentResource {
    /** Who hears of what can wait. */
    readonly notifyOpsTopicArn: pulumi.Output<string>;
    /** Who is woken. */
    readonly pageOncallTopicArn: pulumi.Output<string>;
    /** Who plans capacity. */
    readonly capacityPlanningTopicArn: pulumi.Output<string>;
    /** Composite alarms that page. */
    readonly outageAlarmArns: pulumi.Output<string[]>;
    /** Name of the dashboard. */
    readonly dashboardName: pulumi.Output<string>;

    constructor(name: string, args: RegionMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:RegionMonitoring", name, {}, opts);
        const {
            region,
            environment,
            alerts = {},
            fleet,
            nodes = {},
            balancer,
            store,
            cache,
        } = args;
        const tags = { "logcaster:component": "monitoring" };
        const place: AlarmPlace = {
            name,
            parent: this,
            region,
            prefix: `logcaster-${environment}-${name}`,
            runbooksUrl: alerts.runbooksUrl,
            topics: createTopics(name, this, region, alerts, tags),
        };
        const rules = watchEvents(place, args, tags);
        const alarms = [
            ...eventAlarms(rules, fleet),
            ...(fleet ? fleetAlarms(fleet, alerts) : []),
            ...Object.entries(nodes).flatMap(([of, group]) => nodeAlarms(group, alerts, of)),
            ...(args.proxies ? fleetAlarms(args.proxies, alerts, "proxy") : []),
            ...balancerAlarms(balancer),
            ...redisAlarms(RedisRole.Store, store),
            ...redisAlarms(RedisRole.Cache, cache),
        ].map((spec) => [spec, createAlarm(place, spec)] as const);
        const outages = createOutages(place, alarms, alerts, tags);
        const dashboard = new cloudwatch.Dashboard(
            `${name}-dashboard`,
            {
                region,
                dashboardName: place.prefix,
                dashboardBody: pulumi.jsonStringify(regionDashboard(args, outages)),
            },
            { parent: this },
        );

        this.notifyOpsTopicArn = place.topics[Target.NotifyOps];
        this.pageOncallTopicArn = place.topics[Target.PageOncall];
        this.capacityPlanningTopicArn = place.topics[Target.CapacityPlanning];
        this.outageAlarmArns = pulumi.all(outages);
        this.dashboardName = dashboard.dashboardName;
        this.registerOutputs({
            notifyOpsTopicArn: this.notifyOpsTopicArn,
            pageOncallTopicArn: this.pageOncallTopicArn,
            capacityPlanningTopicArn: this.capacityPlanningTopicArn,
            outageAlarmArns: this.outageAlarmArns,
            dashboardName: this.dashboardName,
        });
    }
}
