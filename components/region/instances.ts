import type * as pulumi from "@pulumi/pulumi";
import { AutoscalingFleet, type FleetScalingArgs, PredictiveMode } from "../fleet";
import type { LoadBalancerTier } from "../load-balancer";
import type { MonitoredFleetArgs } from "../monitoring";
import type { Network } from "../network";
import type { RuntimeConfig } from "../runtime-config";
import type { RegionArgs } from "./args";
import type { Compute } from "./compute";
import type { ProxyFleetArgs } from "./proxies";

/** The service on instances of its own, behind proxies where the strategy asks for them. */
export function runOnInstances(
    fleetName: string,
    parent: pulumi.Resource,
    args: RegionArgs,
    parts: { network: Network; balancer: LoadBalancerTier; runtimeConfig: RuntimeConfig },
    proxyFleet: ProxyFleetArgs | undefined,
): Compute {
    const { network, balancer, runtimeConfig } = parts;
    const child = { parent };
    const place = {
        region: args.region,
        vpcId: network.vpcId,
        vpcCidr: network.cidr,
        subnetIds: network.privateSubnetIds,
        zones: args.zones,
        deregistrationDelaySeconds: args.loadBalancer.deregistrationDelaySeconds,
    };
    const nlb = balancer.nlbSecurityGroupId;
    const proxies =
        proxyFleet &&
        new AutoscalingFleet(
            `${fleetName}-proxy`,
            {
                ...place,
                ...proxyFleet,
                targetGroupArns: [balancer.tcpTargetGroupArn],
                loadBalancerSecurityGroupIds: { nlb },
            },
            child,
        );
    const fleet = new AutoscalingFleet(
        fleetName,
        {
            ...place,
            targetGroupArns: [
                ...(proxies ? [] : [balancer.tcpTargetGroupArn]),
                balancer.httpTargetGroupArn,
            ],
            loadBalancerSecurityGroupIds: {
                ...(proxies ? { proxy: proxies.securityGroupId } : { nlb }),
                alb: balancer.albSecurityGroupId,
            },
            service: args.service,
            scaling: args.scaling,
            desired: args.desired ?? args.scaling.min,
            imageId: args.imageId!,
            timeZone: args.timeZone,
            runtimeConfig,
        },
        child,
    );
    return {
        groupName: fleet.groupName,
        min: fleet.min,
        max: fleet.max,
        securityGroupId: fleet.securityGroupId,
        roleName: fleet.roleName,
        monitored: {
            fleet: monitoredFleet(fleet, args.scaling),
            proxies: proxies && proxyFleet && monitoredFleet(proxies, proxyFleet.scaling),
        },
    };
}

function monitoredFleet(
    { groupName, predictivePolicyName }: AutoscalingFleet,
    { spot, predictive }: FleetScalingArgs,
): MonitoredFleetArgs {
    return {
        groupName,
        spot: spot.enabled,
        predictive: predictive.mode !== PredictiveMode.Off,
        predictivePolicyName,
    };
}
