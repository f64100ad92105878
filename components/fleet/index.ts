export {
    type AutoscalingFleetArgs,
    type FleetBalancerGroupsArgs,
    type FleetPeriodArgs,
    type FleetPredictiveArgs,
    type FleetProxyArgs,
    FleetProxyEngine,
    type FleetRuntimeConfigArgs,
    type FleetScalingArgs,
    type FleetScheduleArgs,
    type FleetServiceArgs,
    type FleetSpotArgs,
    type FleetStepArgs,
    FleetTier,
    FleetVolumeType,
    MaxBreach,
    type NodeModeArgs,
    type NodeTaintArgs,
    PredictiveMode,
    ScalingMode,
} from "./args";
export { AutoscalingFleet } from "./autoscaling-fleet";
export { HEALTH_PORT, METRIC_NAMESPACE } from "./defaults";
export { type ScheduledMinimum, scheduledMinimums } from "./schedule";
