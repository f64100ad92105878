export * from "./dns";
export * from "./fleet";
export * from "./kubernetes";
export * from "./load-balancer";
export * from "./network";
export * from "./redis";
export * from "./region";
export * from "./runtime-config";
