import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { metricsOf, type ReplayedAlarm } from "logcaster-model/alarms";
import { type PlannedState, previewPlan } from "logcaster-preview";

const ROOT = resolve(__dirname, "../..");
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

type Values = Record<string, unknown>;

/** By dimension, which type of resource it names, and by what; of a Redis cluster, all its nodes. */
const NAMES: Readonly<Record<string, [type: string, namesOf: (outputs: Values) => unknown[]]>> = {
    AutoScalingGroupName: ["aws:autoscaling/group:Group", ({ name }) => [name]],
    PolicyName: ["aws:autoscaling/policy:Policy", ({ name }) => [name]],
    LoadBalancer: ["aws:lb/loadBalancer:LoadBalancer", ({ arnSuffix }) => [arnSuffix]],
    TargetGroup: ["aws:lb/targetGroup:TargetGroup", ({ arnSuffix }) => [arnSuffix]],
    RuleName: ["aws:cloudwatch/eventRule:EventRule", ({ name }) => [name]],
    ReplicationGroupId: ["aws:elasticache/replicationGroup:ReplicationGroup", ({ id }) => [id]],
    DBClusterIdentifier: [
        "aws:rds/cluster:Cluster",
        ({ clusterIdentifier }) => [clusterIdentifier],
    ],
    CacheClusterId: [
        "aws:elasticache/replicationGroup:ReplicationGroup",
        ({ id, numNodeGroups, replicasPerNodeGroup }) =>
            Array.from({ length: Number(numNodeGroups) }, (_, shard) =>
                Array.from(
                    { length: Number(replicasPerNodeGroup) + 1 },
                    (__, node) =>
                        `${String(id)}-${String(shard + 1).padStart(4, "0")}-${String(node + 1).padStart(3, "0")}`,
                ),
            ).flat(),
    ],
};

/** Dimensions that name no resource, and what they may say. */
const PLACES: Readonly<Record<string, (states: readonly PlannedState[]) => unknown[]>> = {
    // The writer's region of a global database.
    SourceRegion: (states) =>
        states
            .filter(({ type }) => type === "aws:rds/globalCluster:GlobalCluster")
            .map(({ inputs }) => inputs.region),
};

/** By namespace and metric, its dimensions, as AWS documents them (components/monitoring/metrics.ts has the links). */
const DIMENSIONS: Readonly<Record<string, string>> = {
    "AWS/AutoScaling": "AutoScalingGroupName",
    "AWS/AutoScaling PredictiveScalingCapacityForecast": "AutoScalingGroupName PolicyName",
    LogCaster: "AutoScalingGroupName",
    "AWS/Events": "RuleName",
    "AWS/NetworkELB": "LoadBalancer",
    "AWS/NetworkELB HealthyHostCount": "LoadBalancer TargetGroup",
    "AWS/NetworkELB UnHealthyHostCount": "LoadBalancer TargetGroup",
    "AWS/ApplicationELB": "LoadBalancer",
    "AWS/ApplicationELB HealthyHostCount": "LoadBalancer TargetGroup",
    "AWS/ApplicationELB UnHealthyHostCount": "LoadBalancer TargetGroup",
    "AWS/ElastiCache": "CacheClusterId",
    "AWS/ElastiCache GlobalDatastoreReplicationLag": "ReplicationGroupId",
    "AWS/RDS": "DBClusterIdentifier SourceRegion",
};

for (const stack of ["dev", "prod", "eks"]) {
    // With values that a cloud would compute, so that an alarm's dimension and a resource's name can be compared.
    describe(`the alarms of the ${stack} plan`, function () {
        this.timeout(0);
        let states: PlannedState[];
        let alarms: PlannedState[];
        before(async () => {
            const { plan } = await previewPlan({ cwd: ROOT, stack, up: true });
            states = plan.steps.map(({ newState }) => newState);
            alarms = states.filter(({ type }) => type === ALARM);
        });
        const named = (type: string, region: unknown, namesOf: (outputs: Values) => unknown[]) =>
            states
                .filter((state) => state.type === type && state.inputs.region === region)
                .flatMap(({ id, outputs }) => namesOf({ id, ...(outputs as Values) }));

        it("look at resources of the plan, in their own region, by each dimension", () => {
            const strays: string[] = [];
            let looked = 0;
            for (const { inputs, urn } of alarms) {
                for (const { dimensions } of metricsOf(inputs as unknown as ReplayedAlarm)) {
                    for (const [name, value] of Object.entries(dimensions)) {
                        const [type, namesOf] = NAMES[name] ?? ["", () => []];
                        const there = PLACES[name]?.(states) ?? named(type, inputs.region, namesOf);
                        looked++;
                        if (!there.includes(value)) {
                            strays.push(`${urn}: ${name} ${JSON.stringify(value)}`);
                        }
                    }
                }
            }
            assert.deepEqual(strays, []);
            assert.ok(looked > alarms.length, String(looked));
        });

        it("have exactly the dimensions under which each metric is published", () => {
            for (const { inputs, urn } of alarms) {
                for (const metric of metricsOf(inputs as unknown as ReplayedAlarm)) {
                    const { namespace, metricName, dimensions } = metric;
                    assert.equal(
                        Object.keys(dimensions).sort().join(" "),
                        DIMENSIONS[`${namespace} ${metricName}`] ?? DIMENSIONS[namespace],
                        `${urn} ${metricName}`,
                    );
                }
            }
        });

        it("take at most ten metrics, as long as AWS looks back, and one period for all of them", () => {
            for (const { inputs, urn } of alarms) {
                const {
                    metricQueries = [],
                    evaluationPeriods,
                    period,
                } = inputs as unknown as ReplayedAlarm;
                const metrics = metricQueries.flatMap(({ metric }) => metric ?? []);
                const periods = new Set([period ?? [], metrics.map((m) => m.period)].flat());
                assert.ok(metrics.length <= 10, urn);
                assert.equal(periods.size, 1, urn);
                // Seven days where a period is an hour or more.
                const most = [...periods][0]! < 3600 ? 86_400 : 604_800;
                assert.ok(evaluationPeriods * [...periods][0]! <= most, urn);
            }
        });

        it("and the outages name a runbook that is there, and in the table of docs/monitoring.md", () => {
            const described = states.filter(({ type }) => /cloudwatch.*Alarm$/.test(type));
            const pages = described.flatMap(
                ({ inputs }) =>
                    /docs\/runbooks\/[\w-]+\.md/.exec(String(inputs.alarmDescription))?.[0] ?? [],
            );
            const scaled = alarms.filter(({ urn }) => /-connections-(in|out)$/.test(urn));
            assert.equal(pages.length + scaled.length, described.length);
            const table = readFileSync(resolve(ROOT, "docs/monitoring.md"), "utf8");
            for (const page of new Set(pages)) {
                assert.ok(existsSync(resolve(ROOT, page)), page);
                assert.ok(table.includes(`(${page.replace("docs/", "")})`), page);
            }
        });
    });
}

describe("the runbooks", () => {
    it("that docs/monitoring.md names are there", () => {
        const text = readFileSync(resolve(ROOT, "docs/monitoring.md"), "utf8");
        const linked = [...text.matchAll(/\(runbooks\/([\w-]+\.md)\)/g)].map(([, file]) => file);
        const there = readdirSync(resolve(ROOT, "docs/runbooks"));
        assert.deepEqual(
            linked.filter((file) => !there.includes(file!)),
            [],
        );
        assert.ok(linked.length > 0);
    });

    it("are all of one form, those that no alarm names too", () => {
        const folder = resolve(ROOT, "docs/runbooks");
        const forms = readdirSync(folder).map((file) => {
            const text = readFileSync(resolve(folder, file), "utf8");
            return [file, [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)] as const;
        });
        assert.ok(forms.some(([file]) => file === "region-loss.md"));
        for (const [file, headings] of forms) {
            assert.deepEqual(
                headings,
                ["Symptoms", "First five minutes", "Verify", "Go back"],
                file,
            );
        }
    });
});
