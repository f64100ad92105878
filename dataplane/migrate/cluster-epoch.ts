import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../router/connection";
import { type ClusterNode, ownNode } from "./cluster";
import { MigrationStopped } from "./errors";

const POLL_MS = 20;

/**
 * Raises the target's configuration epoch above the source's before slots change hands. Nodes believe
 * whoever claims a slot with the higher epoch, and SETSLOT raises it only above those the target has
 * heard of. Were it lower, a heartbeat of the source that is still under way would take the slots back
 * from the target, which then deletes their keys, while the source no longer serves them. A source that
 * shares its epoch with another node would soon raise its own: that has to be over, too.
 * @param timeoutMs how long to wait for that.
 * @throws MigrationStopped when the epochs do not settle.
 */
export async function outrank(
    source: Connection,
    target: Connection,
    members: readonly Connection[],
    timeoutMs: number,
): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
        const [from, to] = await Promise.all([ownNode(source), ownNode(target)]);
        const others = await Promise.all(members.map((member) => ownNode(member)));
        const isShared = others.some((node) => isPrimary(node) && sharesEpoch(node, from));
        if (to.configEpoch > from.configEpoch && !isShared) return;
        if (performance.now() > deadline) {
            throw new MigrationStopped(
                `${target.label} did not get a higher configuration epoch than ${source.label} in ` +
                    `${timeoutMs} ms: check the cluster bus, then \`logcaster shards resume\`.`,
            );
        }
        // It says STILL, and changes nothing, while the target has yet to hear of the source's epoch.
        if (to.configEpoch <= from.configEpoch) {
            const answer = (await target.call("CLUSTER", "BUMPEPOCH")) as string;
            if (answer.startsWith("BUMPED")) continue;
        }
        await sleep(POLL_MS);
    }
}

/** A replica tells its primary's epoch as its own. */
function isPrimary(node: ClusterNode): boolean {
    return node.primary === "-";
}

function sharesEpoch(one: ClusterNode, other: ClusterNode): boolean {
    return one.id !== other.id && one.configEpoch === other.configEpoch;
}
