import { known } from "./unknown";

/** What rules read of an auto scaling group. */
export interface Group {
    readonly minSize: number;
    readonly maxSize: number;
    readonly desiredCapacity?: number;
    readonly defaultInstanceWarmup?: number;
    readonly defaultCooldown?: number;
    readonly healthCheckType?: string;
    readonly healthCheckGracePeriod?: number;
    readonly availabilityZones?: readonly string[];
    readonly vpcZoneIdentifiers?: readonly string[];
    readonly targetGroupArns?: readonly string[];
    readonly loadBalancers?: readonly string[];
    readonly trafficSources?: readonly object[];
    readonly tags?: readonly GroupTag[];
    readonly suspendedProcesses?: readonly string[];
    readonly capacityRebalance?: boolean;
    readonly launchConfiguration?: string;
    readonly launchTemplate?: { readonly version?: string };
    readonly mixedInstancesPolicy?: MixedInstancesPolicy;
    readonly instanceRefresh?: {
        readonly strategy: string;
        readonly preferences?: { readonly autoRollback?: boolean };
    };
    readonly initialLifecycleHooks?: readonly LifecycleHook[];
}

export interface GroupTag {
    readonly key: string;
    readonly value: string;
    readonly propagateAtLaunch: boolean;
}

export interface LifecycleHook {
    readonly lifecycleTransition: string;
    readonly heartbeatTimeout?: number;
    readonly autoscalingGroupName?: string;
}

export interface MixedInstancesPolicy {
    readonly instancesDistribution?: {
        readonly onDemandBaseCapacity?: number;
        readonly onDemandPercentageAboveBaseCapacity?: number;
        readonly spotAllocationStrategy?: string;
    };
    readonly launchTemplate: {
        readonly launchTemplateSpecification?: { readonly version?: string };
        readonly overrides?: readonly {
            readonly instanceType?: string;
            readonly instanceRequirements?: object;
            readonly launchTemplateSpecification?: { readonly version?: string };
        }[];
    };
}

/** Tags by which a Kubernetes cluster autoscaler finds the groups it may resize. */
const NODE_TAG = /^k8s\.io\/cluster-autoscaler\/(enabled|(?!node-template\/).+)$/;

/** Whether the group holds Kubernetes nodes, whose number the cluster autoscaler owns; not where its tags are not known yet. */
export function isNodeGroup(group: Group): boolean {
    return known(() => group.tags?.some((tag) => NODE_TAG.test(tag.key))) ?? false;
}
