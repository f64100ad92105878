import { ResourceError, type Resource } from "@pulumi/pulumi";
import { PROXY_DEFAULTS } from "logcaster-model/proxy-config";
import { type AutoscalingFleetArgs, PredictiveMode } from "../fleet";
import { LOAD_BALANCER_DEFAULTS } from "../load-balancer/defaults";
import type { RegionArgs } from "./args";

/** A backend takes this many times its share from one proxy before connections wait: a guard, not a balance. */
const HEADROOM = 2;

/** The proxy fleet's own part of its arguments. */
export type ProxyFleetArgs = Pick<
    AutoscalingFleetArgs,
    "service" | "scaling" | "desired" | "imageId" | "timeZone" | "proxy"
>;

/** Fills it in. Throws a ResourceError without `loadBalancer.proxy.image`. */
export function proxyFleetArgs(
    { loadBalancer, scaling, service, imageId, timeZone }: RegionArgs,
    backendGroupName: string,
    parent: Resource,
): ProxyFleetArgs {
    const { proxy } = loadBalancer;
    if (!proxy?.image) {
        throw new ResourceError(
            "loadBalancer.proxy.image is missing; allowed: the container image of the logcaster command while strategy is least-connections",
            parent,
            true,
        );
    }
    return {
        service: {
            ...service,
            image: proxy.image,
            connectionsPerInstance: proxy.connectionsPerInstance,
        },
        scaling: {
            ...scaling,
            tier: proxy.tier,
            min: proxy.min,
            max: proxy.max,
            schedule: { ...scaling.schedule, enabled: false },
            predictive: { ...scaling.predictive, mode: PredictiveMode.Off },
            // Everybody's connections go through them: on demand only.
            spot: { enabled: false, onDemandBase: 0, onDemandPercentAboveBase: 100 },
        },
        desired: proxy.min,
        imageId: imageId!,
        timeZone,
        proxy: {
            engine: proxy.engine,
            backendGroupName,
            slots: PROXY_DEFAULTS.slots,
            connectionsPerBackend: HEADROOM * service.connectionsPerInstance,
            connectionsPerSource: proxy.connectionsPerSource,
            idleTimeoutSeconds:
                loadBalancer.tcpIdleTimeoutSeconds ?? LOAD_BALANCER_DEFAULTS.tcpIdleTimeoutSeconds,
            rebalanceSeconds: proxy.rebalanceSeconds,
        },
    };
}
