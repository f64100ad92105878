export {
    type AlertArgs,
    type MonitoredBalancerArgs,
    type MonitoredFleetArgs,
    type MonitoredRedisArgs,
    type MonitoringOverviewArgs,
    type OverviewRegionArgs,
    type RegionMonitoringArgs,
    type SlackArgs,
} from "./args";
export { MonitoringOverview } from "./monitoring-overview";
export { RegionMonitoring } from "./region-monitoring";
