import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
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
export class AutoScalingSource implements BackendSource {
    private readonly groups: AutoScalingClient;
    private readonly instances: EC2Client;
    /** An instance keeps its private address for life. */
    private addresses = new Map<string, string>();

    constructor(private readonly given: { group: string; region: string; port: number }) {
        const { region } = given;
        this.groups = new AutoScalingClient({ region });
        this.instances = new EC2Client({ region });
    }

    async list(): Promise<readonly ProxyBackend[]> {
        const { group, port } = this.given;
        const answer = await this.groups.send(
            new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
        );
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
        // By filter: an id that EC2 does not know yet is left out, instead of failing the whole question.
        const answer = await this.instances.send(
            new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: unknown }] }),
        );
        for (const { Instances = [] } of answer.Reservations ?? []) {
            for (const { InstanceId: id, PrivateIpAddress: address } of Instances) {
                if (id && address) this.addresses.set(id, address);
            }
        }
    }
}
