import * as appautoscaling from "@pulumi/aws/appautoscaling";
import type * as pulumi from "@pulumi/pulumi";

export interface TrackingArgs {
    region: string;
    /** AWS's name of the metric. */
    metric: string;
    targetValue: number;
    cooldowns: { scaleOutCooldownSeconds: number; scaleInCooldownSeconds: number };
}

/** Keeps a metric that AWS knows of what is scaled near a value. */
export function trackTarget(
    name: string,
    parent: pulumi.Resource,
    target: appautoscaling.Target,
    { region, metric, targetValue, cooldowns }: TrackingArgs,
): void {
    new appautoscaling.Policy(
        name,
        {
            region,
            policyType: "TargetTrackingScaling",
            serviceNamespace: target.serviceNamespace,
            resourceId: target.resourceId,
            scalableDimension: target.scalableDimension,
            targetTrackingScalingPolicyConfiguration: {
                targetValue,
                predefinedMetricSpecification: { predefinedMetricType: metric },
                scaleOutCooldown: cooldowns.scaleOutCooldownSeconds,
                scaleInCooldown: cooldowns.scaleInCooldownSeconds,
            },
        },
        { parent },
    );
}
