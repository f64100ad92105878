import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

/** AWS Budgets tells at most ten e-mail addresses. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateNotification.html */
const MOST_ADDRESSES = 10;

/** Budgets tell people by e-mail alone. */
export function budget({ budget: settings, alerts }: Settings): Problem[] {
    const addresses = alerts.notifyOps.filter((target) => target.startsWith("mailto:"));
    if (!settings || (addresses.length > 0 && addresses.length <= MOST_ADDRESSES)) return [];
    return [
        problem(
            ["alerts", "notifyOps"],
            alerts.notifyOps,
            `1 to ${MOST_ADDRESSES} mailto: addresses among them while budget is given: AWS Budgets tells them by e-mail`,
        ),
    ];
}
