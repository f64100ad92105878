/** What is left when a region or its data is lost: copies elsewhere, and a page that says what to do. */
import { isMade, refersTo, referrers } from "./references";
import { follows } from "./replication";
import {
    NOT_APPLICABLE,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import {
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT,
    DATABASE_CLUSTER,
    GLOBAL_CLUSTER,
    GLOBAL_DATASTORE,
    REPLICATION_GROUP,
} from "./types";
import { given, known } from "./unknown";

/** The union of what databases and Redis clusters say. */
interface Holder {
    readonly region?: string;
    readonly globalClusterIdentifier?: string;
    readonly globalReplicationGroupId?: string;
    readonly tags?: Readonly<Record<string, string>>;
}

const ROLE_TAG = "logcaster:redis-role";
const STORE = "store";

/** A Redis cluster holds data when its tag says so; a database always does. */
function holdsData({ type, props }: Resource<Holder>): boolean {
    return !REPLICATION_GROUP.includes(type) || known(() => props.tags?.[ROLE_TAG]) === STORE;
}

export function* copiedElsewhere(
    holder: StackResource<Holder>,
    _config: object,
    stack: Stack,
): Verdict {
    // What follows is the copy.
    if (!holdsData(holder) || follows(holder)) return NOT_APPLICABLE;
    if (hasFollower(holder, stack) || isBackedUpElsewhere(holder, stack)) return;
    yield "nothing in another region holds a copy: no member that follows it, no backup plan with a copy action";
}

/** Whether another region's member follows this one: in the same global cluster, or in a Global Datastore that it leads. */
function hasFollower(holder: StackResource<Holder>, stack: Stack): boolean {
    const region = known(() => holder.props.region);
    const elsewhere = (member: StackResource<Holder>) =>
        member.urn !== holder.urn && known(() => member.props.region) !== region;
    const ofDatabase = stack
        .of<Holder>(GLOBAL_CLUSTER)
        .filter((global) => refersTo(holder, "globalClusterIdentifier", global))
        .flatMap((global) =>
            referrers<Holder>(stack, DATABASE_CLUSTER, "globalClusterIdentifier", global),
        );
    const ofDatastore = stack
        .of<{ primaryReplicationGroupId: string }>(GLOBAL_DATASTORE)
        .filter((global) => refersTo(global, "primaryReplicationGroupId", holder))
        .flatMap((global) =>
            referrers<Holder>(stack, REPLICATION_GROUP, "globalReplicationGroupId", global),
        );
    return [...ofDatabase, ...ofDatastore].some(elsewhere);
}

interface Plan {
    readonly region?: string;
    readonly rules?: readonly {
        readonly copyActions?: readonly { readonly destinationVaultArn?: string }[];
    }[];
}

interface Selection {
    readonly planId: string;
    readonly resources?: readonly string[];
}

/** Whether a backup plan that names the resource copies into a vault of another region. */
function isBackedUpElsewhere(holder: StackResource<Holder>, stack: Stack): boolean {
    const selections = referrers<Selection>(stack, BACKUP_SELECTION, "resources", holder);
    return stack
        .of<Plan>(BACKUP_PLAN)
        .filter((plan) => selections.some((selection) => refersTo(selection, "planId", plan)))
        .some((plan) => copies(plan, stack));
}

function copies(plan: StackResource<Plan>, stack: Stack): boolean {
    const rules = known(() => plan.props.rules) ?? [];
    if (!rules.some((rule) => given(() => rule.copyActions))) return false;
    const region = known(() => plan.props.region);
    const vaults = stack
        .of<{ region?: string }>(BACKUP_VAULT)
        .filter((vault) => (plan.references["rules"] ?? []).some(({ urn }) => urn === vault.urn));
    if (vaults.some((vault) => known(() => vault.props.region) !== region)) return true;
    // A vault of somebody else: its ARN says where it is.
    return rules
        .flatMap((rule) => known(() => rule.copyActions) ?? [])
        .map((action) => known(() => action.destinationVaultArn) ?? "")
        .some((arn) => arn.startsWith("arn:") && arn.split(":")[3] !== region);
}

export function* namesRunbook(
    holder: Resource<Holder>,
    { tag, runbook }: { tag: string; runbook: string },
): Verdict {
    if (!holdsData(holder)) return NOT_APPLICABLE;
    const value = holder.props.tags?.[tag];
    if (value === undefined || !new RegExp(runbook).test(value)) {
        yield wrong(`the tag ${tag}`, value, "a reference to a runbook (runbook)");
    }
}

interface Vault {
    readonly kmsKeyArn?: string;
}

export function* vaultUsesKey(vault: StackResource<Vault>): Verdict {
    if (!isMade(vault, "kmsKeyArn")) yield wrong("kmsKeyArn", undefined, "a key of the account");
}
