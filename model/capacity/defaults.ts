/** Numbers of the simulator that no setting of a stack holds, each with its source. */
const MINUTE_MS = 60_000;

export const CAPACITY = Object.freeze({
    /** One step of simulated time: the sync period of the HPA controller, the fastest of the scalers. */
    tickMs: 15_000,
    /** CloudWatch's resolution with detailed monitoring; alarms of a group are evaluated on whole minutes. */
    alarmPeriodMs: MINUTE_MS,
    /** Target tracking: three minutes above the target scale out, fifteen below 90 % of it scale in. Source: CloudWatch alarms that target tracking creates. */
    trackingOutPeriods: 3,
    trackingInPeriods: 15,
    trackingInRatio: 0.9,
    /** Default cooldown of a group. Source: Amazon EC2 Auto Scaling user guide, "Scaling cooldowns". */
    cooldownMs: 300_000,
    /** The brief's loop (6.1) reads five minutes and runs each minute. */
    briefWindowMs: 5 * MINUTE_MS,
    /** Predictive scaling: 48 hours ahead, renewed every six, from 24 hours of data on, of 14 days at most. Source: user guide, "How predictive scaling works". */
    predictiveHorizonHours: 48,
    predictiveRenewHours: 6,
    predictiveLeastHours: 24,
    predictiveHistoryHours: 14 * 24,
    /** Time between the notice of a spot interruption and its end. Source: EC2 user guide, "Spot Instance interruption notices". */
    spotNoticeMs: 2 * MINUTE_MS,
    /** Cluster autoscaler: scan interval, and how long a node is idle before it goes. Source: its FAQ, --scan-interval and --scale-down-unneeded-time. */
    nodeScanMs: 10_000,
    nodeIdleMs: 10 * MINUTE_MS,
    /** From a pod's place on a node to its first connection, its image there: start, two answers to PING at 2 s, registration as a target by two checks of 5 s. */
    podBootMs: 15_000,
});

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
