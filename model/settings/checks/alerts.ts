import { AWS_RULES, because } from "../../aws-rules";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";
import { eachOnce } from "./each-once";

export function alerts({ alerts: settings, budget }: Settings): Problem[] {
    const found = (["notifyOps", "pageOncall", "capacityPlanning"] as const).flatMap((target) =>
        eachOnce(["alerts", target], settings[target]),
    );
    const { min, max } = AWS_RULES["budgets.addresses"];
    const addresses = settings.notifyOps.filter((target) => target.startsWith("mailto:"));
    if (budget && (addresses.length < min || addresses.length > max)) {
        found.push(
            problem(
                ["alerts", "notifyOps"],
                settings.notifyOps,
                `${min} to ${max} mailto: addresses among them while budget is given: ${because("budgets.addresses")}`,
            ),
        );
    }
    return found;
}
