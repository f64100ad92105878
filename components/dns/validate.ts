import { because } from "logcaster-model/aws-rules";
import type { LimitId } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { allowedText } from "logcaster-model/settings/fields";
import { isAllowed } from "../problems";
import { isArea } from "./area";
import { type GeoDnsArgs, RoutingMode } from "./args";
import { DNS_DEFAULTS, EVERYBODY_ELSE } from "./defaults";

/** Every mistake in the arguments. */
export function geoDnsProblems(args: GeoDnsArgs): Problem[] {
    return [...names(args), ...numbers(args), ...endpoints(args), ...areas(args)];
}

function names({ zoneName, host, httpHost }: GeoDnsArgs): Problem[] {
    const found: Problem[] = [];
    for (const [path, value] of Object.entries({ host, httpHost })) {
        if (value !== zoneName && !value.endsWith(`.${zoneName}`)) {
            found.push({
                path,
                value,
                allowed: `a name in ${zoneName}: ${because("route53.hostInZone")}`,
            });
        }
    }
    if (host === httpHost) {
        found.push({
            path: "httpHost",
            value: httpHost,
            allowed: "a name other than host: one leads to the line protocol, the other to HTTP",
        });
    }
    return found;
}

function numbers(args: GeoDnsArgs): Problem[] {
    const rows: [string, number | undefined, LimitId][] = [
        ["port", args.port, "service.port"],
        [
            "healthCheckIntervalSeconds",
            args.healthCheckIntervalSeconds,
            "dns.healthCheckIntervalSeconds",
        ],
        ["failureThreshold", args.failureThreshold, "dns.failureThreshold"],
        ["queryLogDays", args.queryLogDays, "regions.region.flowLogDays"],
    ];
    return rows
        .filter(([, value, id]) => value !== undefined && !isAllowed(id, value))
        .map(([path, value, id]) => ({ path, value, allowed: allowedText(id) }));
}

function endpoints({ endpoints: given }: GeoDnsArgs): Problem[] {
    return Object.keys(given).length > 0
        ? []
        : [
              {
                  path: "endpoints",
                  value: given,
                  allowed: "the load balancers of at least one region",
              },
          ];
}

function areas({
    mode = DNS_DEFAULTS.mode,
    areas: given = [],
    endpoints: by,
}: GeoDnsArgs): Problem[] {
    const modes: readonly string[] = Object.values(RoutingMode);
    if (!modes.includes(mode)) {
        return [{ path: "mode", value: mode, allowed: modes.join(" or ") }];
    }
    const regions = Object.keys(by);
    if (mode === RoutingMode.Latency) {
        return given.length === 0
            ? []
            : [
                  {
                      path: "areas",
                      value: given.map((a) => a.area),
                      allowed: "no areas while mode is latency: Route 53 measures",
                  },
              ];
    }
    const found: Problem[] = [];
    given.forEach(({ area, region }, i) => {
        const first = given.findIndex((a) => a.area === area);
        if (!isArea(area)) {
            found.push({
                path: `areas[${i}].area`,
                value: area,
                allowed: because("route53.area"),
            });
        } else if (first !== i) {
            found.push({
                path: `areas[${i}].area`,
                value: area,
                allowed: `each area once; areas[${first}] has it and points to ${given[first]?.region}`,
            });
        }
        if (!regions.includes(region)) {
            found.push({
                path: `areas[${i}].region`,
                value: region,
                allowed: `a region of endpoints: ${regions.join(", ")}`,
            });
        }
    });
    if (!given.some((a) => a.area === EVERYBODY_ELSE)) {
        found.push({
            path: "areas",
            value: given.map((a) => a.area),
            allowed: `the default area ${EVERYBODY_ELSE} among them: ${because("route53.default")}`,
        });
    }
    for (const region of regions.filter((r) => !given.some((a) => a.region === r))) {
        found.push({
            path: "areas",
            value: given.map((a) => a.region),
            allowed: `an area for every region of endpoints; nobody is sent to ${region}`,
        });
    }
    return found;
}
