export { BILLING } from "./defaults";
export { differenceOf, type CostDifference } from "./difference";
export { instanceHourOf, type InstanceHour } from "./instance-hour";
export {
    projectCost,
    type CostLine,
    type CostProjection,
    type Total,
    type UsageLine,
} from "./projection";
export { PROJECTED_TYPES, purchase, type PlannedResource, type Spread } from "./rules";
export { SOURCES, type Source } from "./sources";
export {
    EVERYWHERE,
    GLOBAL,
    PRICES,
    priceBook,
    type Price,
    type PriceOf,
    type PriceOverrides,
} from "./table";
