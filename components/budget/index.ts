export { type StackBudgetArgs } from "./args";
export { StackBudget } from "./stack-budget";
