import { because } from "../../aws-rules";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function dns({ dns: settings, regions }: Settings): Problem[] {
    const names = Object.keys(regions);
    if (!settings || names.length === 0) return [];
    const found: Problem[] = [];
    const { areas, mode, zoneName } = settings;
    for (const key of ["host", "httpHost"] as const) {
        if (settings[key] !== zoneName && !settings[key].endsWith(`.${zoneName}`)) {
            found.push(
                problem(
                    ["dns", key],
                    settings[key],
                    `a name in ${zoneName}: ${because("route53.hostInZone")}`,
                ),
            );
        }
    }
    if (settings.host === settings.httpHost) {
        found.push(
            problem(
                ["dns", "httpHost"],
                settings.httpHost,
                "a name other than dns.host: one answers for 9999, the other for HTTP",
            ),
        );
    }
    if (mode === "latency") {
        return areas.length === 0
            ? found
            : [
                  ...found,
                  problem(
                      ["dns", "areas"],
                      areas.length,
                      "no areas while dns.mode is latency: Route 53 measures",
                  ),
              ];
    }
    areas.forEach(({ area, region }, i) => {
        const first = areas.findIndex((a) => a.area === area);
        if (first !== i) {
            found.push(
                problem(
                    ["dns", "areas", i, "area"],
                    area,
                    `each area once; areas[${first}] has it`,
                ),
            );
        }
        if (!names.includes(region)) {
            found.push(
                problem(
                    ["dns", "areas", i, "region"],
                    region,
                    `a region of this stack: ${names.join(", ")}`,
                ),
            );
        }
    });
    if (!areas.some((a) => a.area === "*")) {
        found.push(
            problem(
                ["dns", "areas"],
                areas.map((a) => a.area),
                `the default area * among them: ${because("route53.default")}`,
            ),
        );
    }
    for (const name of names) {
        if (!areas.some((a) => a.region === name)) {
            found.push(
                problem(
                    ["dns", "areas"],
                    areas.map((a) => a.region),
                    `an area for every region; nobody is sent to ${name}`,
                ),
            );
        }
    }
    return found;
}
