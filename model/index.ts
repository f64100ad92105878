export * from "./aws-rules";
export * from "./limits";
export * from "./settings";
