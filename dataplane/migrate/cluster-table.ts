import {
    compareNames,
    createTable,
    partitionCountProblems,
    type PartitionTable,
    type ShardNode,
    SLOT_COUNT,
    TableMode,
} from "logcaster-model/partitions";
import { Connection } from "../router/connection";
import { clusterNodes, clusterProblems, ownNode, slotOwners } from "./cluster";
import { BadInput } from "./errors";

/**
 * The table of a cluster that exists: a partition belongs to the shard that has most of its slots.
 * The first migration gathers the rest (redis-cli's layouts cut partitions in two).
 * @throws BadInput when the cluster is not whole or a shard is missing.
 */
export async function tableOfCluster(
    nodes: readonly ShardNode[],
    partitions: number,
): Promise<PartitionTable> {
    const wrong = partitionCountProblems(partitions);
    if (wrong.length > 0) throw new BadInput(`${wrong.join("; ")}.`);
    const members = nodes.map((node) => new Connection({ url: node.url! }));
    try {
        const problems = await clusterProblems(members);
        if (problems.length > 0)
            throw new BadInput(`The cluster is not whole: ${problems.join("; ")}.`);
        const ids = await Promise.all(members.map(async (member) => (await ownNode(member)).id));
        const nameOf = new Map(ids.map((id, index) => [id, nodes[index]!.name]));
        const slots = slotOwners(await clusterNodes(members[0]!));
        const strangers = new Set(slots.filter((id) => !nameOf.has(id!)));
        if (strangers.size > 0) {
            throw new BadInput(
                `Slots are on nodes ${[...strangers].join(", ")}, which no --shard names: name every primary.`,
            );
        }
        const width = SLOT_COUNT / partitions;
        const owners = Array.from({ length: partitions }, (_, partition) => {
            const here = slots.slice(partition * width, (partition + 1) * width);
            return [majority(here.map((id) => nameOf.get(id!)!))];
        });
        const table = { mode: TableMode.Cluster, epoch: 1, copies: 1, nodes, owners, guarded: [] };
        return createTable(table);
    } finally {
        for (const member of members) member.close();
    }
}

function majority(names: readonly string[]): string {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || compareNames(a[0], b[0]))[0]![0];
}
