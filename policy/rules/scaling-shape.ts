/** What rules read of scaling policies and their alarms. */
export interface ScalingPolicy {
    readonly autoscalingGroupName: string;
    readonly policyType?: string;
    readonly enabled?: boolean;
    readonly adjustmentType?: string;
    readonly scalingAdjustment?: number;
    readonly stepAdjustments?: readonly StepAdjustment[];
    readonly targetTrackingConfiguration?: TargetTracking;
    readonly predictiveScalingConfiguration?: Predictive;
}

export interface StepAdjustment {
    readonly metricIntervalLowerBound?: string;
    readonly metricIntervalUpperBound?: string;
    readonly scalingAdjustment: number;
}

export interface TargetTracking {
    readonly targetValue: number;
    readonly disableScaleIn?: boolean;
    readonly predefinedMetricSpecification?: { readonly predefinedMetricType: string };
    readonly customizedMetricSpecification?: {
        readonly metricName?: string;
        readonly metrics?: readonly MetricQuery[];
    };
}

export interface MetricQuery {
    readonly expression?: string;
    readonly metric?: { readonly metricName?: string };
    readonly metricStat?: { readonly metric: { readonly metricName: string } };
}

export interface Predictive {
    readonly mode?: string;
    readonly schedulingBufferTime?: string;
    readonly maxCapacityBreachBehavior?: string;
    readonly maxCapacityBuffer?: string;
    readonly metricSpecification: PredictiveMetric | readonly PredictiveMetric[];
}

export interface PredictiveMetric {
    readonly predefinedMetricPairSpecification?: object;
    readonly predefinedLoadMetricSpecification?: object;
    readonly predefinedScalingMetricSpecification?: object;
    readonly customizedLoadMetricSpecification?: object;
    readonly customizedScalingMetricSpecification?: object;
}

export interface MetricAlarm {
    readonly alarmActions?: readonly string[];
    readonly treatMissingData?: string;
    readonly metricQueries?: readonly MetricQuery[];
}

/** A metric whose gaps an expression fills with numbers: its missing data is no longer missing. */
export function fillsGaps(queries: readonly MetricQuery[] | undefined): string | undefined {
    return queries
        ?.map((query) => query.expression)
        .find((expression) => expression && /\bFILL\s*\([^)]*,\s*-?\d/i.test(expression));
}
