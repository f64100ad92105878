export {
    UNITS,
    bytes,
    count,
    inUnit,
    milliseconds,
    percent,
    type Measure,
    type Quantity,
    type Unit,
} from "./units";
export { replayComposites, type CompositeAlarm, type CompositeHistory } from "./composite";
export {
    MISSING_DATA,
    breaches,
    evaluate,
    rangeOf,
    type AlarmState,
    type Datapoint,
    type Evaluation,
    type TreatMissingData,
} from "./evaluate";
export { evaluateExpression, type Series } from "./expression";
export {
    metricKey,
    metricsOf,
    periodOf,
    replay,
    stateAt,
    type MetricId,
    type RecordedMetric,
    type ReplayedAlarm,
    type Sample,
    type Transition,
} from "./replay";
