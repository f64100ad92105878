import * as pulumi from "@pulumi/pulumi";
import type { MonitoredFleetArgs, MonitoredRedisArgs, RegionMonitoringArgs } from "./args";
import { HOURS_PER_MONTH } from "./defaults";
import {
    albMetrics,
    forecastMetric,
    groupMetrics,
    nlbMetrics,
    redisMetrics,
    redisNodes,
} from "./metrics";
import { layOut, line, panel, states, type Line } from "./widgets";

type RedisMetric = keyof ReturnType<typeof redisMetrics>;

/** What a region does: the brief's three panels (8.2) first. */
export function regionDashboard(args: RegionMonitoringArgs, outages: pulumi.Input<string>[]) {
    const { region, balancer } = args;
    const nlb = nlbMetrics(balancer);
    const alb = albMetrics(balancer);
    const redis = (title: string, metric: RedisMetric) =>
        panel(title, region, [...perNode(args.store, metric), ...perNode(args.cache, metric)]);
    return layOut([
        ...(args.fleet ? counts(region, args.fleet) : nodeCounts(region, args.nodes ?? {})),
        ...(args.proxies ? [instances("Proxy Count", region, args.proxies)] : []),
        states("Outages", outages),
        ...(args.fleet ? loads(region, args.fleet) : []),
        panel("Targets", region, [
            line("TCP healthy", nlb.healthy),
            line("TCP unhealthy", nlb.unhealthy),
            line("HTTP healthy", alb.healthy),
            line("HTTP unhealthy", alb.unhealthy),
        ]),
        panel("TCP connections", region, [
            line("active", nlb.activeFlows),
            line("new a minute", nlb.newFlows),
        ]),
        panel("TCP resets and port errors a minute", region, [
            line("by targets", nlb.targetResets),
            line("by the balancer", nlb.balancerResets),
            line("by clients", nlb.clientResets),
            line("no port left", nlb.portAllocationErrors),
        ]),
        panel("HTTP requests and errors a minute", region, [
            line("requests", alb.requests),
            line("5xx of targets", alb.targetErrors),
            line("5xx of the balancer", alb.balancerErrors),
        ]),
        panel("HTTP latency, seconds", region, [line("99th percentile", alb.latency)]),
        redis("Redis engine CPU, percent", "engineCpu"),
        redis("Redis memory, percent", "memory"),
        redis("Redis evictions a minute", "evictions"),
        redis("Redis connections", "connections"),
        redis("Redis replication lag, seconds", "replicationLag"),
    ]);
}

function counts(region: string, fleet: MonitoredFleetArgs) {
    const { desired } = groupMetrics(fleet.groupName);
    return [
        instances("Instance Count", region, fleet),
        panel("Scaling Events", region, [
            line("desired", desired, { id: "desired", hidden: true }),
            { label: "instances added or removed a minute", expression: "DIFF(desired)" },
        ]),
        costPanel("Cost Projection", region, [{ region, groupName: fleet.groupName }], fleet),
    ];
}

/** The same of Kubernetes nodes; what pods do is on the Grafana dashboard. */
function nodeCounts(region: string, nodes: Record<string, MonitoredFleetArgs>) {
    const groups = Object.entries(nodes).map(
        ([key, { groupName }]) => [key, groupName, groupMetrics(groupName)] as const,
    );
    return [
        panel(
            "Instance Count",
            region,
            groups.flatMap(([key, , { inService, max }]) => [
                line(`${key} in service`, inService),
                line(`${key} most`, max),
            ]),
        ),
        panel(
            "Scaling Events",
            region,
            groups.flatMap(([key, , { desired }], i) => [
                line(`${key} desired`, desired, { id: `desired${i}`, hidden: true }),
                { label: `${key} added or removed a minute`, expression: `DIFF(desired${i})` },
            ]),
        ),
        costPanel(
            "Cost Projection",
            region,
            groups.map(([, groupName]) => ({ region, groupName })),
            {},
        ),
    ];
}

function loads(region: string, fleet: MonitoredFleetArgs) {
    const group = groupMetrics(fleet.groupName);
    return [
        panel("Connections an instance", region, [line("average", group.connections)]),
        panel(
            "CPU and memory of the instances, percent",
            region,
            [line("CPU", group.cpuPercent), line("memory", group.memoryPercent)],
            { yAxis: { left: { min: 0, max: 100 } } },
        ),
    ];
}

function instances(title: string, region: string, fleet: MonitoredFleetArgs) {
    const { inService, desired, max } = groupMetrics(fleet.groupName);
    const forecast =
        fleet.predictivePolicyName === undefined
            ? []
            : [line("forecast", forecastMetric(fleet.groupName, fleet.predictivePolicyName))];
    return panel(title, region, [
        line("in service", inService),
        line("desired", desired),
        line("most", max),
        ...forecast,
    ]);
}

function perNode(cluster: MonitoredRedisArgs, metric: RedisMetric): Line[] {
    return redisNodes(cluster, pulumi.output(cluster.replicationGroupId)).flatMap(({ ids }) =>
        ids.map((id) => line("${PROP('Dim.CacheClusterId')}", redisMetrics(id)[metric])),
    );
}

export interface CostOf {
    readonly region: string;
    readonly groupName: pulumi.Input<string>;
}

/** The brief's projection: instances x price of an hour x 24 x 30; where the price is not known, the hours. */
export function costPanel(
    title: string,
    region: string,
    groups: readonly CostOf[],
    { instanceHourUsd }: { instanceHourUsd?: number },
) {
    const ids = groups.map((_, i) => `m${i + 1}`);
    const price = instanceHourUsd === undefined ? "" : ` * ${instanceHourUsd}`;
    return panel(title, region, [
        ...groups.map((group, i) =>
            line(`instances in ${group.region}`, groupMetrics(group.groupName).inService, {
                id: ids[i],
                hidden: true,
                region: group.region,
            }),
        ),
        {
            label: price
                ? "instances, USD a month at this size"
                : "instance-hours a month at this size (no price known)",
            expression: `(${ids.join(" + ")})${price} * ${HOURS_PER_MONTH}`,
        },
    ]);
}
