import type * as pulumi from "@pulumi/pulumi";
import type { AlertTopicsArgs, RegionMonitoringArgs } from "../monitoring";

/** What runs the service in a region, on whichever platform. */
export interface Compute {
    /** Group of its instances; absent where pods run it. */
    readonly groupName?: pulumi.Output<string>;
    /** Groups of the nodes; absent where instances run it. */
    readonly nodeGroupNames?: pulumi.Output<string[]>;
    /** Bounds of the number of instances, or pods. */
    readonly min: pulumi.Output<number>;
    readonly max: pulumi.Output<number>;
    /** Security group that data stores let in. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Role that data stores let log in. */
    readonly roleName: pulumi.Output<string>;
    /** Has what only the platform sees told to the region's topics. */
    readonly tell?: (topics: AlertTopicsArgs) => void;
    readonly monitored: Pick<RegionMonitoringArgs, "fleet" | "proxies" | "nodes">;
}
