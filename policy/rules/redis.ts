/** Redis and Valkey on ElastiCache: encryption, access, availability, and how data is spread. */
import { isMade, refersTo } from "./references";
import {
    NOT_APPLICABLE,
    atLeast,
    atMost,
    beyond,
    isFalse,
    isTrue,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { CACHE_CLUSTER, PARAMETER_GROUP } from "./types";
import { given, independently, known } from "./unknown";

/** The union of what replication groups and clusters say. */
interface Cache {
    readonly engine?: string;
    /** Of a cluster that belongs to a replication group, which then says the rest. */
    readonly replicationGroupId?: string;
    /** Of a secondary of a Global Datastore. */
    readonly globalReplicationGroupId?: string;
    readonly atRestEncryptionEnabled?: boolean | string;
    readonly transitEncryptionEnabled?: boolean;
    readonly authToken?: string;
    readonly authTokenWo?: string;
    readonly userGroupIds?: readonly string[];
    readonly kmsKeyId?: string;
    readonly multiAzEnabled?: boolean;
    readonly automaticFailoverEnabled?: boolean;
    readonly snapshotRetentionLimit?: number;
    readonly autoMinorVersionUpgrade?: boolean | string;
    readonly subnetGroupName?: string;
    readonly port?: number;
    readonly parameterGroupName?: string;
    readonly clusterMode?: string;
    readonly numCacheClusters?: number;
    readonly numNodeGroups?: number;
    readonly replicasPerNodeGroup?: number;
    readonly preferredCacheClusterAzs?: readonly string[];
    readonly nodeGroupConfigurations?: readonly {
        readonly primaryAvailabilityZone?: string;
        readonly replicaAvailabilityZones?: readonly string[];
        readonly replicaCount?: number;
        readonly slots?: string;
    }[];
    readonly tags?: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = 6379;

const ROLE_TAG = "logcaster:redis-role";

/** What the cluster is for, by its tag; without one it is held to what a cache must keep. */
function isStore(cache: Cache): boolean {
    return known(() => cache.tags?.[ROLE_TAG]) === "store";
}

/** Valkey is encrypted unless the program says otherwise; Redis is not. */
function encryptedByDefault(cache: Cache): boolean {
    return known(() => cache.engine) === "valkey";
}

/** Memcached has none of this, and a member of a replication group says nothing of its own. */
function appliesTo({ type, props }: Resource<Cache>): boolean {
    return (
        !CACHE_CLUSTER.includes(type) ||
        (props.engine !== "memcached" && !given(() => props.replicationGroupId))
    );
}

/** A secondary of a Global Datastore is given engine, encryption and parameters of its primary, and may not say its own. */
function inherits({ props }: Resource<Cache>): boolean {
    return given(() => props.globalReplicationGroupId);
}

export function* encryptedAtRest(cache: Resource<Cache>): Verdict {
    if (!appliesTo(cache) || inherits(cache)) return NOT_APPLICABLE;
    const { atRestEncryptionEnabled: encrypted } = cache.props;
    if (!isTrue(encrypted ?? encryptedByDefault(cache.props))) {
        yield wrong("atRestEncryptionEnabled", encrypted, "true");
    }
}

export function* encryptedInTransit(cache: Resource<Cache>): Verdict {
    if (!appliesTo(cache) || inherits(cache)) return NOT_APPLICABLE;
    const { transitEncryptionEnabled: encrypted } = cache.props;
    if (!isTrue(encrypted ?? encryptedByDefault(cache.props))) {
        yield wrong("transitEncryptionEnabled", encrypted, "true");
    }
}

export function* authenticated(cache: Resource<Cache>): Verdict {
    if (!appliesTo(cache)) return NOT_APPLICABLE;
    const { props } = cache;
    const known =
        given(() => props.userGroupIds) ||
        given(() => props.authToken) ||
        given(() => props.authTokenWo);
    if (!known) yield "userGroupIds and authToken are not set, one of them must be";
}

export function* ownKey({ props }: Resource<Cache>): Verdict {
    if (!given(() => props.kmsKeyId)) yield wrong("kmsKeyId", undefined, "a key of the account");
}

export function* failsOver({ props }: Resource<Cache>): Verdict {
    yield* independently(
        function* () {
            if (!isTrue(props.automaticFailoverEnabled)) {
                yield wrong("automaticFailoverEnabled", props.automaticFailoverEnabled, "true");
            }
        },
        function* () {
            if (!isTrue(props.multiAzEnabled)) {
                yield wrong("multiAzEnabled", props.multiAzEnabled, "true");
            }
        },
    );
}

export function* backedUp(
    cache: Resource<Cache>,
    { minDays, minStoreDays }: { minDays: number; minStoreDays: number },
): Verdict {
    if (!appliesTo(cache)) return NOT_APPLICABLE;
    const [least, key] = isStore(cache.props)
        ? [minStoreDays, "minStoreDays"]
        : [minDays, "minDays"];
    yield* atLeast("snapshotRetentionLimit", cache.props.snapshotRetentionLimit ?? 0, least, key);
}

export function* minorUpgrades({ props }: Resource<Cache>): Verdict {
    const upgrade = props.autoMinorVersionUpgrade;
    if (isFalse(upgrade)) yield wrong("autoMinorVersionUpgrade", upgrade, "true");
}

export function* ownSubnetGroup(cache: Resource<Cache>): Verdict {
    const { props, type } = cache;
    if (CACHE_CLUSTER.includes(type) && given(() => props.replicationGroupId)) {
        return NOT_APPLICABLE;
    }
    const name = given(() => props.subnetGroupName)
        ? known(() => props.subnetGroupName)
        : "default";
    if (name === "default")
        yield wrong("subnetGroupName", props.subnetGroupName, "a group made for it");
}

export function* uncommonPort(cache: Resource<Cache>): Verdict {
    if (!appliesTo(cache)) return NOT_APPLICABLE;
    const port = cache.props.port ?? DEFAULT_PORT;
    if (port === DEFAULT_PORT) yield wrong("port", port, "another than the engine's default");
}

/** How much more the fullest shard holds than the mean. */
export function imbalancePercent(partitions: number, shards: number): number {
    const mean = partitions / shards;
    return (Math.ceil(mean) / mean - 1) * 100;
}

export function* shardsBalanced(
    { props }: Resource<Cache>,
    { partitions, maxImbalancePercent }: { partitions: number; maxImbalancePercent: number },
): Verdict {
    const shards = props.nodeGroupConfigurations?.length ?? props.numNodeGroups;
    if (shards === undefined || shards === 1) return NOT_APPLICABLE;
    if (shards < 1 || shards > partitions) {
        yield beyond("the number of shards", shards, partitions, "partitions");
        return;
    }
    yield* atMost(
        `the fullest of ${shards} shards' surplus over the mean of ${partitions} partitions in percent`,
        Math.round(imbalancePercent(partitions, shards)),
        maxImbalancePercent,
        "maxImbalancePercent",
    );
}

export function* enoughCopies(
    { props }: Resource<Cache>,
    { minStoreCopies, minCacheCopies }: { minStoreCopies: number; minCacheCopies: number },
): Verdict {
    const [least, key] = isStore(props)
        ? [minStoreCopies, "minStoreCopies"]
        : [minCacheCopies, "minCacheCopies"];
    const configured = props.nodeGroupConfigurations?.map((shard) => 1 + (shard.replicaCount ?? 0));
    const copies = configured
        ? Math.min(...configured)
        : props.replicasPerNodeGroup !== undefined
          ? 1 + props.replicasPerNodeGroup
          : (props.numCacheClusters ?? 1);
    yield* atLeast("the number of copies", copies, least, key);
}

export function* replicasElsewhere({ props }: Resource<Cache>): Verdict {
    const zones = props.preferredCacheClusterAzs ?? [];
    const repeated = zones.filter((zone, i) => zones.indexOf(zone) !== i);
    if (repeated.length > 0) {
        yield wrong("preferredCacheClusterAzs", zones, "a zone for each copy");
    }
    for (const [i, shard] of (props.nodeGroupConfigurations ?? []).entries()) {
        const { primaryAvailabilityZone: primary, replicaAvailabilityZones: replicas } = shard;
        if (primary !== undefined && replicas?.includes(primary)) {
            yield `shard ${i} has a replica in its primary's zone ${primary}`;
        }
    }
    if (zones.length === 0 && !props.nodeGroupConfigurations && props.multiAzEnabled !== true) {
        yield wrong("multiAzEnabled", props.multiAzEnabled, "true, or every copy's zone given");
    }
}

interface ParameterGroup {
    readonly parameters?: readonly { readonly name: string; readonly value: string }[];
}

const EVICTION = "maxmemory-policy";

/** AWS's parameter groups evict keys that have a TTL. */
const DEFAULT_EVICTION = "volatile-lru";

export function* storeNeverEvicts(
    cache: StackResource<Cache>,
    { allowedPolicies }: { allowedPolicies: string[] },
    stack: Stack,
): Verdict {
    // AWS tells every member of its datastore; one that was made to join one has its primary's parameters.
    if (!isStore(cache.props) || isMade(cache, "globalReplicationGroupId")) return NOT_APPLICABLE;
    const group = stack
        .of<ParameterGroup>(PARAMETER_GROUP)
        .find((candidate) => refersTo(cache, "parameterGroupName", candidate));
    const eviction =
        group?.props.parameters?.find((parameter) => parameter.name === EVICTION)?.value ??
        DEFAULT_EVICTION;
    if (!allowedPolicies.includes(eviction)) {
        yield `${EVICTION} of a store is ${eviction}, limit ${allowedPolicies.join(" or ")} (allowedPolicies)`;
    }
}
