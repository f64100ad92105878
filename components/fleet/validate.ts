import { because } from "logcaster-model/aws-rules";
import { refusal, TIER_NAMES } from "logcaster-model/instance-types";
import { LIMITS, allowed } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { allowedText } from "logcaster-model/settings/fields";
import { isAllowed, isWhole } from "../problems";
import { type AutoscalingFleetArgs, MaxBreach, PredictiveMode } from "./args";
import { instanceTypesOf } from "./group";
import { proxyArgsProblems } from "./proxy";

/** Every mistake in the arguments. */
export function fleetProblems(args: AutoscalingFleetArgs): Problem[] {
    return [
        ...capacity(args),
        ...timing(args),
        ...types(args),
        ...schedule(args),
        ...predictive(args),
        ...nodeMode(args),
        ...proxyArgsProblems(args),
        ...places(args),
    ];
}

function capacity({ scaling: { min, max }, desired, nodeMode }: AutoscalingFleetArgs): Problem[] {
    const found: Problem[] = [];
    // Kubernetes' autoscaler may take the last node away; a fleet that serves has the brief's minimum.
    if (nodeMode ? !isWhole(min, 0, max) : !isAllowed("scaling.min", min)) {
        found.push({
            path: "scaling.min",
            value: min,
            allowed: nodeMode ? `a whole number from 0 to ${max}` : allowedText("scaling.min"),
        });
    }
    const most = allowed("scaling.max").max;
    if (nodeMode ? !isWhole(max, 1, most) : !isAllowed("scaling.max", max)) {
        found.push({
            path: "scaling.max",
            value: max,
            allowed: nodeMode ? `a whole number from 1 to ${most}` : allowedText("scaling.max"),
        });
    }
    if (min > max) {
        found.push({ path: "scaling.min", value: min, allowed: `at most scaling.max ${max}` });
    } else if (!isWhole(desired, min, max)) {
        found.push({
            path: "desired",
            value: desired,
            allowed: `a whole number from scaling.min ${min} to scaling.max ${max}`,
        });
    }
    return found;
}

function timing({ scaling, deregistrationDelaySeconds: delay }: AutoscalingFleetArgs): Problem[] {
    const found: Problem[] = [];
    for (const key of ["warmupSeconds", "healthCheckGraceSeconds", "drainSeconds"] as const) {
        const id = `scaling.${key}` as const;
        if (!isAllowed(id, scaling[key])) {
            found.push({ path: id, value: scaling[key], allowed: allowedText(id) });
        }
    }
    if (scaling.drainSeconds <= delay) {
        found.push({
            path: "scaling.drainSeconds",
            value: scaling.drainSeconds,
            allowed: `more than deregistrationDelaySeconds ${delay}, or instances end before their connections do`,
        });
    }
    return found;
}

function types(args: AutoscalingFleetArgs): Problem[] {
    const { region, scaling } = args;
    const names: readonly string[] = TIER_NAMES;
    if (!names.includes(scaling.tier)) {
        return [
            { path: "scaling.tier", value: scaling.tier, allowed: `one of ${names.join(", ")}` },
        ];
    }
    return instanceTypesOf(args).flatMap((type, i) => {
        const why = refusal(type, scaling.tier, region);
        return why ? [{ path: `scaling.spot.instanceTypes[${i}]`, value: type, allowed: why }] : [];
    });
}

function schedule({ scaling }: AutoscalingFleetArgs): Problem[] {
    const { enabled, periods, otherwise } = scaling.schedule;
    const { min, max } = scaling;
    if (!enabled || min > max) return []; // the latter is refused already
    const range = `a whole number from scaling.min ${min} to scaling.max ${max}`;
    const found: Problem[] = [];
    if (!isWhole(otherwise, min, max)) {
        found.push({ path: "scaling.schedule.otherwise", value: otherwise, allowed: range });
    }
    const { min: first, max: last } = allowed("scaling.schedule.hour");
    periods.forEach((period, i) => {
        const path = `scaling.schedule.periods[${i}]`;
        const hours = `${period.from} to ${period.to}`;
        if (!isWhole(period.min, min, max)) {
            found.push({ path: `${path}.min`, value: period.min, allowed: range });
        }
        if (!isWhole(period.from, first, period.to - 1) || !isWhole(period.to, first, last)) {
            found.push({
                path,
                value: hours,
                allowed: `whole hours, \`from\` before \`to\`, ${first} to ${last}`,
            });
        }
        const other = periods.findIndex(
            (p, j) => j < i && p.from < period.to && period.from < p.to,
        );
        if (other >= 0) {
            found.push({ path, value: hours, allowed: `hours that periods[${other}] has not` });
        }
    });
    return found;
}

function predictive({ scaling: { predictive: p } }: AutoscalingFleetArgs): Problem[] {
    if (p.mode === PredictiveMode.Off) return [];
    const found: Problem[] = [];
    for (const key of ["bufferSeconds", "maxBufferPercent"] as const) {
        const id = `scaling.predictive.${key}` as const;
        if (!isAllowed(id, p[key]))
            found.push({ path: id, value: p[key], allowed: allowedText(id) });
    }
    if (p.maxBufferPercent > 0 && p.maxBreach !== MaxBreach.IncreaseMax) {
        found.push({
            path: "scaling.predictive.maxBufferPercent",
            value: p.maxBufferPercent,
            allowed: `0, or maxBreach increase-max: ${because("predictive.maxBufferNeedsIncrease")}`,
        });
    }
    return found;
}

/** With Kubernetes' autoscaler as owner of the size, nothing of AWS may change it. */
function nodeMode({
    nodeMode: node,
    scaling,
    targetGroupArns = [],
}: AutoscalingFleetArgs): Problem[] {
    if (!node) return [];
    const found: Problem[] = [];
    const owner = "in node mode: Kubernetes' autoscaler owns the number of nodes";
    if (scaling.schedule.enabled) {
        found.push({
            path: "scaling.schedule.enabled",
            value: true,
            allowed: `false ${owner}`,
        });
    }
    if (scaling.predictive.mode !== PredictiveMode.Off) {
        found.push({
            path: "scaling.predictive.mode",
            value: scaling.predictive.mode,
            allowed: `off ${owner}`,
        });
    }
    if (targetGroupArns.length > 0) {
        found.push({
            path: "targetGroupArns",
            value: targetGroupArns.length,
            allowed: "none in node mode: pods join target groups by TargetGroupBinding",
        });
    }
    return found;
}

function places({ zones, nodeMode }: AutoscalingFleetArgs): Problem[] {
    // Of nodes, each zone has a group of its own: KubernetesCluster says why.
    const min = nodeMode ? 1 : allowed("regions.region.zones").min;
    return zones.length >= min
        ? []
        : [
              {
                  path: "zones",
                  value: zones,
                  allowed: nodeMode
                      ? "at least one zone"
                      : `at least ${min} zones (${LIMITS["regions.region.zones"].origin})`,
              },
          ];
}
