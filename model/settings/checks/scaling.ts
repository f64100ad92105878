import { because } from "../../aws-rules";
import { refusal } from "../../instance-types";
import { allowed } from "../../limits";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function capacity({ scaling, regions }: Settings): Problem[] {
    const { min, max, schedule, spot } = scaling;
    const found: Problem[] = [];
    const inside = `a whole number from scaling.min ${min} to scaling.max ${max}`;
    if (min > max) {
        const range = allowed("scaling.min");
        return [
            problem(
                ["scaling", "min"],
                min,
                `at most scaling.max, which is ${max}, and from ${range.min} to ${range.max}`,
            ),
        ];
    }
    for (const [name, { desired }] of Object.entries(regions)) {
        if (desired !== undefined && (desired < min || desired > max)) {
            found.push(problem(["regions", name, "desired"], desired, inside));
        }
    }
    if (schedule.enabled) {
        schedule.periods.forEach((period, i) => {
            if (period.min < min || period.min > max) {
                found.push(
                    problem(["scaling", "schedule", "periods", i, "min"], period.min, inside),
                );
            }
        });
        if (schedule.otherwise < min || schedule.otherwise > max) {
            found.push(problem(["scaling", "schedule", "otherwise"], schedule.otherwise, inside));
        }
    }
    if (spot.onDemandBase > max) {
        found.push(
            problem(
                ["scaling", "spot", "onDemandBase"],
                spot.onDemandBase,
                `at most scaling.max ${max}`,
            ),
        );
    }
    return found;
}

export function schedule({ scaling }: Settings): Problem[] {
    const periods = scaling.schedule.periods;
    return periods.flatMap((period, i) => {
        const path = ["scaling", "schedule", "periods", i];
        if (period.from >= period.to) {
            return [
                problem(
                    path,
                    `${period.from} to ${period.to}`,
                    "`from` before `to`; split a period that crosses midnight in two",
                ),
            ];
        }
        const other = periods.findIndex(
            (p, j) => j < i && p.from < period.to && period.from < p.to,
        );
        return other < 0
            ? []
            : [
                  problem(
                      path,
                      `${period.from} to ${period.to}`,
                      `hours that no other period has; periods[${other}] is ${periods[other]?.from} to ${periods[other]?.to}`,
                  ),
              ];
    });
}

/** Types that a stack lists must be of its tier, and offered in each of its regions. */
export function instanceTypes({ scaling: { tier, spot }, regions }: Settings): Problem[] {
    return (spot.instanceTypes ?? []).flatMap((type, i) => {
        const [why] = Object.keys(regions).flatMap((region) => refusal(type, tier, region) ?? []);
        return why ? [problem(["scaling", "spot", "instanceTypes", i], type, why)] : [];
    });
}

export function predictive({ scaling: { predictive: p } }: Settings): Problem[] {
    return p.maxBufferPercent > 0 && p.maxBreach !== "increase-max"
        ? [
              problem(
                  ["scaling", "predictive", "maxBufferPercent"],
                  p.maxBufferPercent,
                  `0, or set scaling.predictive.maxBreach to increase-max: ${because("predictive.maxBufferNeedsIncrease")}`,
              ),
          ]
        : [];
}
