import type { DescribeAutoScalingGroupsCommandOutput } from "@aws-sdk/client-auto-scaling";
import type { DescribeInstancesCommandOutput } from "@aws-sdk/client-ec2";
import type { ProxyBackend } from "logcaster-model/proxy-config";

/** Where the list of backends comes from. */
export interface BackendSource {
    /** The backends now; none when there are none. Throws when it cannot be known. */
    list(): Promise<readonly ProxyBackend[]>;
}

const SERVING = "InService";
const HEALTHY = "Healthy";

/**
 * The instances of an auto scaling group by their private addresses. An instance in service gets connections; one that leaves
 * (Terminating:Wait while its lifecycle hook lasts), stands by or is unhealthy keeps those it has. DNS would answer with eight
 * instances at most (https://docs.aws.amazon.com/cloud-map/latest/dg/services-route53.html), hence the group itself.
 */
export async function autoScalingSource(given: {
    group: string;
    region: string;
    port: number;
}): Promise<BackendSource> {
    // Loaded here: no other command needs the AWS clients.
    const [scaling, ec2] = await Promise.all([
        import("@aws-sdk/client-auto-scaling"),
        import("@aws-sdk/client-ec2"),
    ]);
    const { group, region, port } = given;
    const groups = new scaling.AutoScalingClient({ region });
    const instances = new ec2.EC2Client({ region });
    return new GroupMembers(
        group,
        port,
        () =>
            groups.send(
                new scaling.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
            ),
        // By filter: an id that EC2 does not know yet is left out, instead of failing the whole question.
        (ids) =>
            instances.send(
                new ec2.DescribeInstancesCommand({
                    Filters: [{ Name: "instance-id", Values: [...ids] }],
                }),
            ),
    );
}

class GroupMembers implements BackendSource {
    /** An instance keeps its private address for life. */
    private addresses = new Map<string, string>();

    constructor(
        private readonly group: string,
        private readonly port: number,
        private readonly describeGroup: () => Promise<DescribeAutoScalingGroupsCommandOutput>,
        private readonly describeInstances: (
            ids: readonly string[],
        ) => Promise<DescribeInstancesCommandOutput>,
    ) {}

    async list(): Promise<readonly ProxyBackend[]> {
        const { group, port } = this;
        const answer = await this.describeGroup();
        const found = answer.AutoScalingGroups?.[0];
        if (!found) throw new Error(`there is no auto scaling group ${group}`);
        const members = (found.Instances ?? []).filter(
            // One that has not come into service yet has no connections and takes none.
            ({ LifecycleState: state }) => state && !state.startsWith("Pending"),
        );
        await this.learn(members.flatMap(({ InstanceId: id }) => id ?? []));
        return members.flatMap(({ InstanceId: id, LifecycleState, HealthStatus }) => {
            const address = this.addresses.get(id ?? "");
            if (!address) return []; // terminated since
            const isReady = LifecycleState === SERVING && HealthStatus === HEALTHY;
            return [{ address, port, state: isReady ? "ready" : "draining" } as const];
        });
    }

    /** Asks for the addresses that are not known yet, and forgets those of instances that are gone. */
    private async learn(ids: readonly string[]): Promise<void> {
        const unknown = ids.filter((id) => !this.addresses.has(id));
        this.addresses = new Map([...this.addresses].filter(([id]) => ids.includes(id)));
        if (unknown.length === 0) return;
        const answer = await this.describeInstances(unknown);
        for (const { Instances = [] } of answer.Reservations ?? []) {
            for (const { InstanceId: id, PrivateIpAddress: address } of Instances) {
                if (id && address) this.addresses.set(id, address);
            }
        }
    }
}
