export { VaultLock, type RecoveryPlanArgs, type RecoveryResourceArgs } from "./args";
export { RecoveryPlan } from "./recovery-plan";
