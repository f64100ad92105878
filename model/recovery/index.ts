export { type Place, type RecordSet, resolve, type World } from "./dns-answers";
export { drill, type Finding } from "./drill";
export type { Verdict } from "./drill-parts";
export { PlanError, type PlannedResource } from "./plan";
