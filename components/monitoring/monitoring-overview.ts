import * as chatbot from "@pulumi/aws/chatbot";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { trustService } from "../trust";
import type { MonitoringOverviewArgs, OverviewRegionArgs } from "./args";
import { groupMetrics, albMetrics, nlbMetrics } from "./metrics";
import { costPanel } from "./region-dashboard";
import { layOut, line, panel, states, type Line } from "./widgets";

/**
 * All regions of a stack on one dashboard and, where it is asked for, all their alerts in one chat channel.
 *
 * **Cost**: 3 USD a month, where the account has three dashboards already; the chat costs nothing.
 * **Limits**: 500 metrics a dashboard panel.
 */
export class MonitoringOverview extends pulumi.ComponentResource {
    /** Name of the dashboard. */
    readonly dashboardName: pulumi.Output<string>;

    constructor(
        name: string,
        args: MonitoringOverviewArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("logcaster-scaling:index:MonitoringOverview", name, {}, opts);
        const { environment, region } = args;
        const dashboard = new cloudwatch.Dashboard(
            `${name}-dashboard`,
            {
                region,
                dashboardName: `logcaster-${environment}`,
                dashboardBody: pulumi
                    .all(Object.values(args.regions).map(groupsOf))
                    .apply((groups) => pulumi.jsonStringify(overview(args, groups))),
            },
            { parent: this },
        );
        if (args.slack) writeToSlack(name, this, args);

        this.dashboardName = dashboard.dashboardName;
        this.registerOutputs({ dashboardName: this.dashboardName });
    }
}

interface GroupOfRegion {
    readonly region: string;
    readonly groupName: string;
}

/** The auto scaling groups whose instances a region pays for. */
function groupsOf({ groupName, nodeGroupNames = [] }: OverviewRegionArgs): pulumi.Output<string[]> {
    return groupName === undefined
        ? pulumi.output(nodeGroupNames)
        : pulumi.output(groupName).apply((name) => [name]);
}

/** @param groups the groups of each region, in the order of `regions` */
function overview(
    { region, regions, instanceHourUsd }: MonitoringOverviewArgs,
    groups: readonly string[][],
) {
    const places = Object.entries(regions);
    const instances = places.flatMap(([key], i) =>
        groups[i]!.map((groupName) => ({ region: key, groupName })),
    );
    // Instances that run the service publish its connections; nodes do not.
    const fleets = instances.filter((of) => regions[of.region]?.groupName !== undefined);
    const name = (of: GroupOfRegion) =>
        instances.filter((each) => each.region === of.region).length === 1
            ? of.region
            : `${of.region} ${of.groupName}`;
    const each = (title: string, of: (args: OverviewRegionArgs, region: string) => Line) =>
        panel(
            title,
            region,
            places.map(([key, place]) => ({ ...of(place, key), region: key })),
        );
    const balancer = ({ nlbArnSuffix, albArnSuffix }: OverviewRegionArgs) => ({
        nlbArnSuffix,
        albArnSuffix,
        tcpTargetGroupArnSuffix: "",
        httpTargetGroupArnSuffix: "",
    });
    return layOut([
        panel(
            "Instance Count",
            region,
            instances.map((of) => ({
                ...line(name(of), groupMetrics(of.groupName).inService),
                region: of.region,
            })),
        ),
        ...(fleets.length > 0
            ? [
                  panel(
                      "Connections an instance",
                      region,
                      fleets.map((of) => ({
                          ...line(of.region, groupMetrics(of.groupName).connections),
                          region: of.region,
                      })),
                  ),
              ]
            : []),
        costPanel("Cost Projection", region, instances, { instanceHourUsd }),
        each("TCP connections", (of, key) => line(key, nlbMetrics(balancer(of)).activeFlows)),
        each("HTTP requests a minute", (of, key) => line(key, albMetrics(balancer(of)).requests)),
        each("HTTP 5xx a minute", (of, key) => line(key, albMetrics(balancer(of)).targetErrors)),
        ...places.map(([key, { outageAlarmArns }]) => states(`Outages in ${key}`, outageAlarmArns)),
    ]);
}

/** The role only reads CloudWatch, to draw a graph beside a message. */
function writeToSlack(
    name: string,
    parent: pulumi.Resource,
    { region, environment, slack, topicArns = [] }: MonitoringOverviewArgs,
): void {
    const tags = { Name: `${name}-slack`, "logcaster:component": "monitoring" };
    const role = new iam.Role(
        `${name}-slack`,
        {
            description: "What the chat channel of LogCaster's alerts may read",
            assumeRolePolicy: trustService("chatbot.amazonaws.com"),
            tags,
        },
        { parent },
    );
    new iam.RolePolicy(
        `${name}-slack`,
        {
            role: role.id,
            policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Action: [
                            "cloudwatch:DescribeAlarms",
                            "cloudwatch:GetMetricData",
                            "cloudwatch:GetMetricWidgetImage",
                        ],
                        Resource: "*",
                    },
                ],
            }),
        },
        { parent },
    );
    new chatbot.SlackChannelConfiguration(
        `${name}-slack`,
        {
            region,
            configurationName: `logcaster-${environment}`,
            slackTeamId: slack?.teamId ?? "",
            slackChannelId: slack?.channelId ?? "",
            iamRoleArn: role.arn,
            snsTopicArns: topicArns,
            tags,
        },
        { parent },
    );
}
