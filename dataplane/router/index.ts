export * from "./connection";
export * from "./metadata";
export * from "./router";
export * from "./table-source";
export { RESERVED_PREFIX } from "./guard";
