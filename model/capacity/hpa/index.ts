export * from "./controller";
export { type MetricAnswer, type PodGroup } from "./replicas";
export * from "./spec";
