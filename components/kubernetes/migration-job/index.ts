export * from "./args";
export { MigrationJob } from "./migration-job";
