import { LIMITS } from "logcaster-model/limits";

/** What is measured a minute at a time, and what AWS publishes by the hour. */
export const MINUTE_SECONDS = 60;
export const FIVE_MINUTES_SECONDS = 300;
export const HOUR_SECONDS = 3600;
export const MINUTES_PER_HOUR = 60;

/** A month of the brief's cost panel: 24 x 30 hours (8.2). */
export const HOURS_PER_MONTH = 720;

/** Most metrics of one alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
export const MAX_METRICS_PER_ALARM = 10;

/** Days that scaling events are kept; a year, to compare seasons. */
export const EVENT_LOG_DAYS = 365;

export const RUNBOOKS_URL = "docs/runbooks";

/** Where a threshold is not the brief's, why it is what it is. Units are in the names; alarms convert them. */
export const THRESHOLDS = Object.freeze({
    /** Brief 8.1. */
    scalingEventsPerHour: LIMITS["alerts.maxScalingEventsPerHour"].value,
    /** Brief 8.1, and no room at all. */
    capacityPercent: { warning: LIMITS["alerts.maxCapacityPercent"].value, critical: 100 },
    /** Of the instances in service, within an hour: AWS's own advice is under 5 % a month, so a quarter an hour is a shortage. */
    spotInterruptionsPercent: 25,
    /** One interruption of a small fleet is no rate. */
    minSpotInterruptions: 2,
    /** Connections reset by targets or the balancer, of new flows; deployments drain, so resets are failures. */
    resetsPercent: { warning: 5, critical: 20 },
    /** Below this many flows or requests a minute a share says nothing. */
    minFlowsPerMinute: 100,
    /** Answers 5xx of requests. */
    errorsPercent: { warning: 1, critical: 5 },
    /** 99th percentile of HTTP answers. */
    latencyMs: { warning: 500, critical: 2000 },
    /** Redis runs commands on one thread: above 80 % latency grows, above 95 % it stalls. */
    engineCpuPercent: { warning: 80, critical: 95 },
    /** A store that is full refuses writes. */
    memoryPercent: { warning: 75, critical: 90 },
    /** A cache evicts by design; a hundred a second means that it is too small. */
    cacheEvictionsPerMinute: 6000,
    /** 80 % of the 65,000 connections that a node takes. */
    connections: 52_000,
    /** How far a replica is behind; what a failover can lose where the store is not durable. */
    replicationLagMs: { warning: 1000, critical: 10_000 },
});
