import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../router/connection";
import { type ClusterNode, ownNode, slotsOf } from "./cluster";
import { MigrationStopped } from "./errors";

const POLL_MS = 20;

/** Runs an action while nobody else's runs. */
export type InTurn = <T>(action: () => Promise<T>) => Promise<T>;

/** Who has to agree before slots change hands, and for how long that may take. */
export interface HandOver {
    /** Every primary. */
    readonly members: readonly Connection[];
    readonly agreeMs: number;
    /** Over all units and workers: what one makes of the nodes' epochs another must not undo. */
    readonly inTurn: InTurn;
}

/**
 * Lets slots change hands when the new owner outranks the old one. Nodes believe whoever claims a slot
 * with the higher configuration epoch, and SETSLOT raises it only above those the target has heard of.
 * Were it lower, a heartbeat of the source that is still under way would take the slots back from the
 * target, which then deletes their keys, while the source no longer serves them. The source's own must
 * not rise meanwhile: nodes with equal epochs raise one of them by themselves, and a node that another
 * unit raises may not claim a slot that has gone elsewhere.
 * @throws MigrationStopped when the epochs do not settle within `agreeMs`.
 */
export async function handOver(
    source: Connection,
    target: Connection,
    { members, agreeMs, inTurn }: HandOver,
    change: () => Promise<unknown>,
): Promise<void> {
    const deadline = performance.now() + agreeMs;
    const attempt = async () => {
        if (!(await isSettled(source, target, members))) return false;
        await change();
        return true;
    };
    while (!(await inTurn(attempt))) {
        if (performance.now() > deadline) {
            throw new MigrationStopped(
                `${target.label} did not get a higher configuration epoch than ${source.label} in ` +
                    `${agreeMs} ms: check the cluster bus, then \`logcaster shards resume\`.`,
            );
        }
        await sleep(POLL_MS);
    }
}

/** Whether the target outranks the source for good; raises its epoch where that is all that is missing. */
async function isSettled(
    source: Connection,
    target: Connection,
    members: readonly Connection[],
): Promise<boolean> {
    const asked = [source, target, ...members];
    const [from, to, ...all] = await Promise.all(asked.map((member) => ownNode(member)));
    const nodes = all.filter(isPrimary);
    if (areContested(nodes) || nodes.some((node) => sharesEpoch(node, from!))) return false;
    if (to!.configEpoch > from!.configEpoch) return true;
    // It says STILL, and changes nothing, while the target has yet to hear of the source's epoch.
    const answer = (await target.call("CLUSTER", "BUMPEPOCH")) as string;
    return answer.startsWith("BUMPED") && isSettled(source, target, members);
}

/** A replica tells its primary's epoch as its own. */
function isPrimary(node: ClusterNode): boolean {
    return node.primary === "-";
}

function sharesEpoch(one: ClusterNode, other: ClusterNode): boolean {
    return one.id !== other.id && one.configEpoch === other.configEpoch;
}

/** Whether two nodes claim a slot: the lower epoch has yet to hear of the higher. */
function areContested(nodes: readonly ClusterNode[]): boolean {
    const claimed = nodes.flatMap((node) => slotsOf(node.slots));
    return new Set(claimed).size < claimed.length;
}
