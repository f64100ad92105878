/** Arguments of StackBudget. */
export interface StackBudgetArgs {
    /** Name of the environment: value of the tag `environment`, by which costs are told apart. */
    environment: string;
    /** What the stack may cost a month, USD. */
    monthlyLimitUsd: number;
    /** Who is told by e-mail, 1 to 10 addresses. */
    emails: string[];
    /** Share of the limit spent from which they are told, percent. @default 80 */
    warnPercent?: number;
    /** Unusual spending from which they are told, USD. @default 100 */
    anomalyUsd?: number;
    /** Share of hours under a reservation or savings plan below which they are told, percent. @default 60 */
    coveragePercent?: number;
    /** Use of reservations and savings plans below which they are told, percent. @default 95 */
    utilizationPercent?: number;
}
