export { InputError } from "./errors";
export { main, type MainOptions } from "./main";
export type { Diagnostic } from "./engine";
export type { Violation } from "./packs";
export {
    changeSummary,
    comparePlans,
    type Plan,
    type PlanChange,
    type PlannedState,
    type PlanStep,
} from "./plan";
export { previewPlan, type PreviewOptions, type PreviewResult } from "./preview";
export { type Properties, UNKNOWN, type Value } from "./values";
