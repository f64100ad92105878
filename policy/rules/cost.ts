/** What a stack may cost: a budget that looks ahead, and a projection within it. */
import { PROJECTED_TYPES, projectCost, type PlannedResource } from "logcaster-model/prices";
import { NOT_APPLICABLE, beyond, type Stack, type StackResource, type Verdict } from "./rule";
import { BUDGET, GROUP } from "./types";
import { independently, isUnknown, known } from "./unknown";

interface Notification {
    readonly notificationType?: string;
    readonly comparisonOperator?: string;
    readonly subscriberEmailAddresses?: readonly string[];
    readonly subscriberSnsTopicArns?: readonly string[];
}

interface Budget {
    readonly budgetType?: string;
    readonly limitAmount?: string;
    readonly notifications?: readonly Notification[];
}

/** Said once a stack, at its first group. */
export function* budgetForecasts(group: StackResource, _config: object, stack: Stack): Verdict {
    const [first] = [...stack.of(GROUP)].map(({ urn }) => urn).sort();
    if (group.urn !== first) return NOT_APPLICABLE;
    const costs = stack
        .of<Budget>(BUDGET)
        .filter(({ props }) => (known(() => props.budgetType) ?? "COST") === "COST");
    if (costs.length === 0) yield "the stack has no cost budget";
    else if (!costs.some(({ props }) => looksAhead(props))) {
        yield "no cost budget of the stack has an alarm on the forecast that reaches somebody";
    }
}

function looksAhead(budget: Budget): boolean {
    // An alarm that is not known yet may well be one.
    if (isUnknown(() => budget.notifications)) return true;
    return (known(() => budget.notifications) ?? []).some((notification) => {
        const reaches = (read: () => readonly string[] | undefined) =>
            isUnknown(read) || (known(read)?.length ?? 0) > 0;
        return (
            known(() => notification.notificationType) === "FORECASTED" &&
            known(() => notification.comparisonOperator) !== "LESS_THAN" &&
            (reaches(() => notification.subscriberEmailAddresses) ||
                reaches(() => notification.subscriberSnsTopicArns))
        );
    });
}

export interface CostConfig {
    readonly maxMonthlyUsd: number;
}

/** Where prices are missing, the projection is a lower bound: what is above the limit then is so all the more. */
export function* projectionWithin(
    budget: StackResource<Budget>,
    { maxMonthlyUsd }: CostConfig,
    stack: Stack,
): Verdict {
    if ((known(() => budget.props.budgetType) ?? "COST") !== "COST") return NOT_APPLICABLE;
    const { total } = projectCost(stack.of<object>(PROJECTED_TYPES).map(planned));
    const usd = Math.round(total.usd.desired);
    const what = "projected cost of a month at the desired size, USD,";
    yield* independently(
        function* () {
            if (maxMonthlyUsd > 0 && usd > maxMonthlyUsd) {
                yield beyond(what, usd, maxMonthlyUsd, "maxMonthlyUsd");
            }
        },
        function* () {
            const limit = Number(budget.props.limitAmount);
            if (usd > limit) yield beyond(what, usd, limit, "the budget's limitAmount");
        },
    );
}

function planned({ type, urn, props, references }: StackResource): PlannedResource {
    return {
        type,
        urn,
        inputs: plain(props) as Record<string, unknown>,
        propertyDependencies: Object.fromEntries(
            Object.entries(references).map(([key, behind]) => [key, behind.map((b) => b.urn)]),
        ),
    };
}

/** What is known of a value; what is not known yet is left out. */
function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
        // map() would read an entry that is not known yet.
        return Array.from({ length: value.length }, (_, i) =>
            plain(known(() => value[i] as unknown)),
        );
    }
    if (typeof value !== "object" || value === null) return value;
    const holder = value as Record<string, unknown>;
    return Object.fromEntries(
        Object.keys(holder).map((key) => [key, plain(known(() => holder[key]))]),
    );
}
