import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { MonitoringOverview, type MonitoredFleetArgs } from "logcaster-scaling/monitoring";
import { misplaced, orphans } from "../placed";
import { record } from "../recorder";
import { REGION, alarmsOf, args, kindOf, recordMonitoring } from "./fixture";

const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const topicArn = (name: string) => `arn:aws:sns:eu-west-1:123456789012:topic/eu-west-1-${name}`;
const textOf = (value: unknown) => JSON.parse(String(value)) as Record<string, unknown>;

interface Body {
    widgets: {
        type: string;
        properties: { title: string; region?: string; metrics?: unknown[][] };
    }[];
}

describe("RegionMonitoring", function () {
    this.timeout(0);
    let recording: Awaited<ReturnType<typeof recordMonitoring>>;
    before(async () => (recording = await recordMonitoring()));

    it("places everything in its region, directly under itself", () => {
        assert.deepEqual(misplaced(recording.resources, REGION), []);
        assert.deepEqual(orphans(recording.resources, REGION), []);
    });

    it("has three topics, encrypted, for alarms and rules of its account over TLS only", () => {
        assert.deepEqual(
            recording.of(TOPIC).map(({ name, inputs }) => [name, inputs.kmsMasterKeyId]),
            ["notify-ops", "page-oncall", "alert-capacity-planning"].map((name) => [
                `eu-west-1-${name}`,
                "eu-west-1-alerts-key-id",
            ]),
        );
        const policies = [
            ...recording.of("aws:sns/topicPolicy:TopicPolicy"),
            recording.one("aws:kms/keyPolicy:KeyPolicy", "eu-west-1-alerts-key-policy"),
        ].map(({ inputs }) => textOf(inputs.policy).Statement as Record<string, unknown>[]);
        for (const statements of policies) {
            const [publish] = statements.filter(({ Sid }) => Sid === "AlarmsAndRulesPublish");
            assert.deepEqual(
                [publish?.Principal, publish?.Condition],
                [
                    { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
                    { StringEquals: { "aws:SourceAccount": "123456789012" } },
                ],
            );
        }
    });

    it("subscribes whom the settings name, and confirms HTTPS by itself", () => {
        assert.deepEqual(
            recording
                .of(SUBSCRIPTION)
                .map(({ inputs: i }) => [i.topic, i.protocol, i.endpoint, i.endpointAutoConfirms])
                .sort(),
            [
                ...["capacity", "finance"].map((who) => [
                    topicArn("alert-capacity-planning"),
                    "email",
                    `${who}@example.com`,
                    undefined,
                ]),
                [topicArn("notify-ops"), "email", "ops@example.com", undefined],
                [topicArn("page-oncall"), "https", "https://events.example.com/integration", true],
            ],
        );
    });

    it("posts pages to the secret address, which stays secret, and starts the response plan", async () => {
        const plan = "arn:aws:ssm-incidents::111122223333:response-plan/logcaster";
        const more = await recordMonitoring({
            alerts: {
                pageOncallUrl: pulumi.secret("https://hooks.example.com/t0ken"),
                incidentResponsePlanArn: plan,
            },
        });
        const { inputs, secretInputs } = more.one(SUBSCRIPTION);
        assert.deepEqual(
            [inputs.topic, inputs.endpoint, secretInputs],
            [topicArn("page-oncall"), "https://hooks.example.com/t0ken", ["endpoint"]],
        );
        for (const composite of more.of(COMPOSITE)) {
            assert.deepEqual(composite.inputs.alarmActions, [topicArn("page-oncall"), plan]);
            assert.deepEqual(composite.inputs.okActions, [topicArn("page-oncall")]);
        }
    });

    it("tells capacity planning what concerns capacity, and operations the rest", () => {
        const told = alarmsOf(recording).filter(({ alarmActions }) =>
            alarmActions.includes(topicArn("alert-capacity-planning")),
        );
        assert.deepEqual([...new Set(told.map(kindOf))].sort(), [
            "CapacityLimit-Critical",
            "CapacityLimit-Warning",
            "ForecastAboveMax-Warning",
        ]);
        for (const alarm of alarmsOf(recording).filter((each) => !told.includes(each))) {
            assert.deepEqual(alarm.alarmActions, [topicArn("notify-ops")], alarm.name);
        }
    });

    it("hears of failures of both groups, and of spot interruptions where there is spot", async () => {
        const failed = recording.one(RULE, "eu-west-1-scaling-failed");
        assert.deepEqual(textOf(failed.inputs.eventPattern), {
            source: ["aws.autoscaling"],
            detail: {
                AutoScalingGroupName: [
                    "logcaster-prod-eu-west-1",
                    "logcaster-prod-eu-west-1-proxy",
                ],
            },
            "detail-type": [
                "EC2 Instance Launch Unsuccessful",
                "EC2 Instance Terminate Unsuccessful",
                "EC2 Auto Scaling Instance Refresh Failed",
                "EC2 Auto Scaling Instance Refresh Rollback Failed",
            ],
        });
        const less = await recordMonitoring({
            fleet: { groupName: "group", spot: false, predictive: false },
            proxies: undefined,
        });
        const kinds = new Set(alarmsOf(less).map(kindOf));
        assert.deepEqual(
            ["SpotInterruptions-Warning", "ForecastAboveMax-Warning"].filter((k) => kinds.has(k)),
            [],
        );
        assert.equal(less.of(RULE).length, recording.of(RULE).length - 1);
    });

    it("takes the brief's limits from its arguments, in the words of the alarm too", async () => {
        const changed = await recordMonitoring({
            alerts: { maxScalingEventsPerHour: 5, maxCapacityPercent: 75 },
        });
        const [restless] = alarmsOf(changed).filter((a) => kindOf(a) === "ScalingFrequent-Warning");
        const [full] = alarmsOf(changed).filter((a) => kindOf(a) === "CapacityLimit-Warning");
        assert.deepEqual([restless?.datapointsToAlarm, full?.threshold], [6, 75]);
        assert.match(restless?.alarmDescription ?? "", /more than 5 times/);
        assert.match(full?.alarmDescription ?? "", /At least 75 %/);
    });

    it("watches every node once, in groups that an alarm takes", async () => {
        const { store } = args();
        for (const [shards, copies, groups] of [
            [1, 2, 1],
            [4, 3, 2],
            [7, 6, 7],
        ] as const) {
            const more = await recordMonitoring({ store: { ...store, shards, copies } });
            const of = alarmsOf(more).filter(({ name }) => /RedisConnections-store/.test(name));
            const nodes = of.flatMap(({ metricQueries = [] }) =>
                metricQueries.flatMap(({ metric }) => metric?.dimensions.CacheClusterId ?? []),
            );
            assert.equal(of.length, groups);
            assert.equal(nodes.length, shards * copies);
            assert.equal(new Set(nodes).size, nodes.length);
            assert.equal(nodes.sort().at(-1), `store-000${shards}-00${copies}`);
        }
    });

    it("shows the brief's three panels first, all of them in its region", () => {
        const { dashboardName, dashboardBody } = recording.one(DASHBOARD).inputs;
        assert.equal(dashboardName, "logcaster-prod-eu-west-1");
        const { widgets } = textOf(dashboardBody) as unknown as Body;
        assert.deepEqual(
            widgets.slice(0, 3).map(({ properties }) => properties.title),
            ["Instance Count", "Scaling Events", "Cost Projection"],
        );
        const metrics = widgets.filter(({ type }) => type === "metric");
        assert.deepEqual([...new Set(metrics.map((w) => w.properties.region))], [REGION]);
    });

    it("projects the cost by the brief's formula where the price is known, and says where not", async () => {
        const cost = (of: typeof recording) =>
            (textOf(of.one(DASHBOARD).inputs.dashboardBody) as unknown as Body).widgets
                .find(({ properties }) => properties.title === "Cost Projection")
                ?.properties.metrics?.at(-1);
        const { fleet } = args() as { fleet: MonitoredFleetArgs };
        const priced = await recordMonitoring({ fleet: { ...fleet, instanceHourUsd: 0.2 } });
        assert.deepEqual(cost(priced), [
            { label: "instances, USD a month at this size", expression: "(m1) * 0.2 * 720" },
        ]);
        assert.match(JSON.stringify(cost(recording)), /no price known/);
    });
});

describe("MonitoringOverview", function () {
    this.timeout(0);
    const region = (name: string) => ({
        groupName: `group-${name}`,
        nlbArnSuffix: `net/${name}/1`,
        albArnSuffix: `app/${name}/2`,
        outageAlarmArns: [`arn:aws:cloudwatch:${name}:1:alarm:outage`],
    });
    const overview = (more: object = {}) =>
        record(
            () =>
                new MonitoringOverview("overview", {
                    environment: "prod",
                    region: "us-east-1",
                    regions: { "us-east-1": region("us-east-1"), [REGION]: region(REGION) },
                    ...more,
                }),
        );

    it("shows every region side by side, and its outages", async () => {
        const recording = await overview();
        const { dashboardName, dashboardBody } = recording.one(DASHBOARD).inputs;
        const { widgets } = textOf(dashboardBody) as unknown as Body;
        assert.equal(dashboardName, "logcaster-prod");
        assert.deepEqual(widgets[0]?.properties.metrics, [
            ...["us-east-1", REGION].map((name) => [
                "AWS/AutoScaling",
                "GroupInServiceInstances",
                "AutoScalingGroupName",
                `group-${name}`,
                { label: name, region: name, stat: "Average" },
            ]),
        ]);
        assert.deepEqual(
            widgets.filter(({ type }) => type === "alarm").map((w) => w.properties.title),
            ["Outages in us-east-1", `Outages in ${REGION}`],
        );
        assert.equal(recording.resources.length, 2);
    });

    it("writes the alerts of all regions into the chat channel that it is given", async () => {
        const recording = await overview({
            slack: { teamId: "T1", channelId: "C1" },
            topicArns: [topicArn("notify-ops"), topicArn("page-oncall")],
        });
        const { inputs } = recording.one(
            "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        );
        assert.deepEqual(
            [inputs.slackTeamId, inputs.slackChannelId, inputs.snsTopicArns],
            ["T1", "C1", [topicArn("notify-ops"), topicArn("page-oncall")]],
        );
    });
});
