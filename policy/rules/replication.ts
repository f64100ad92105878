/** What follows another region: somebody is told when it falls behind. */
import { isMade, refersTo } from "./references";
import { NOT_APPLICABLE, beyond, type Stack, type StackResource, type Verdict } from "./rule";
import { DATABASE_CLUSTER, METRIC_ALARM, REPLICATION_GROUP } from "./types";
import { isUnknown, known } from "./unknown";

/** The union of what members of a global database and of a Global Datastore say. */
interface Member {
    readonly region?: string;
    readonly globalClusterIdentifier?: string;
    readonly globalReplicationGroupId?: string;
    /** Of the writer at creation; one that follows has none. */
    readonly masterUsername?: string;
    readonly snapshotIdentifier?: string;
}

interface Metric {
    readonly metricName?: string;
    readonly dimensions?: Readonly<Record<string, string>>;
}

interface Alarm extends Metric {
    readonly region?: string;
    readonly threshold?: number;
    readonly metricQueries?: readonly { readonly metric?: Metric }[];
}

interface LagConfig {
    readonly maxLagMs: number;
    readonly minLagMs: number;
}

/** By kind of member, its metric of lag and how many milliseconds one of the metric's unit is. */
const LAG = [
    {
        types: DATABASE_CLUSTER,
        metric: "AuroraGlobalDBReplicationLag",
        dimension: "DBClusterIdentifier",
        unit: "ms",
        unitMs: 1,
    },
    {
        types: REPLICATION_GROUP,
        metric: "GlobalDatastoreReplicationLag",
        dimension: "ReplicationGroupId",
        unit: "s",
        unitMs: 1000,
    },
] as const;

/** Whether a member follows another region's. AWS tells each of its global identifier and login: only what a program gave counts. */
export function follows(member: StackResource<Member>): boolean {
    if (isMade(member, "globalReplicationGroupId")) return true;
    return (
        isMade(member, "globalClusterIdentifier") &&
        !isMade(member, "masterUsername") &&
        !isMade(member, "snapshotIdentifier")
    );
}

export function* alarmsOnLag(
    member: StackResource<Member>,
    { maxLagMs, minLagMs }: LagConfig,
    stack: Stack,
): Verdict {
    if (!follows(member)) return NOT_APPLICABLE;
    const { metric, dimension, unit, unitMs } = LAG.find(({ types }) =>
        (types as readonly string[]).includes(member.type),
    )!;
    const alarms = stack
        .of<Alarm>(METRIC_ALARM)
        .filter((alarm) => looksAt(alarm, metric, dimension, member));
    if (alarms.length === 0) {
        yield `no alarm of its region looks at ${metric} of the member`;
        return;
    }
    // One whose threshold is not known yet may well be the one.
    if (alarms.some((alarm) => isUnknown(() => alarm.props.threshold))) return NOT_APPLICABLE;
    const lowest = Math.min(...alarms.map(({ props }) => props.threshold ?? Infinity));
    const what = `the lowest threshold on ${metric}, in ${unit},`;
    if (lowest * unitMs > maxLagMs) yield beyond(what, lowest, maxLagMs / unitMs, "maxLagMs");
    else if (lowest * unitMs < minLagMs) yield beyond(what, lowest, minLagMs / unitMs, "minLagMs");
}

/** Whether an alarm is on the metric of this member: alone or in a formula, by its name or made from it, in its region. */
function looksAt(
    alarm: StackResource<Alarm>,
    name: string,
    dimension: string,
    member: StackResource<Member>,
): boolean {
    const region = known(() => member.props.region);
    if (region !== undefined && known(() => alarm.props.region) !== region) return false;
    const queries = known(() => alarm.props.metricQueries) ?? [];
    const metrics = [alarm.props, ...queries.flatMap(({ metric }) => metric ?? [])];
    const ofName = metrics.filter((metric) => known(() => metric.metricName) === name);
    if (ofName.length === 0) return false;
    if (refersTo(alarm, "dimensions", member)) return true;
    if (refersTo(alarm, "metricQueries", member)) return true;
    const identities = identitiesOf(member);
    return ofName.some((metric) =>
        identities.includes(known(() => metric.dimensions?.[dimension]) ?? ""),
    );
}

function identitiesOf({ props }: StackResource<Member>): string[] {
    const all = props as Readonly<Record<string, unknown>>;
    return ["id", "clusterIdentifier", "replicationGroupId"]
        .map((key) => known(() => all[key]))
        .filter((value): value is string => typeof value === "string" && value !== "");
}
