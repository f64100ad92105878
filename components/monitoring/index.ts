export {
    type AlertArgs,
    type AlertRoutesArgs,
    type AlertTopicsArgs,
    type KubernetesMonitoringArgs,
    type MonitoredBalancerArgs,
    type MonitoredFleetArgs,
    type MonitoredRedisArgs,
    type MonitoringOverviewArgs,
    type OverviewRegionArgs,
    type RegionMonitoringArgs,
    type SlackArgs,
} from "./args";
export { KubernetesMonitoring } from "./kubernetes-monitoring";
export { MonitoringOverview } from "./monitoring-overview";
export { RegionMonitoring } from "./region-monitoring";
