/** What ties two settings together. Each check is pure and returns every mistake it finds. */
import { IANAZone } from "luxon";
import { AWS_RULES, type AwsRuleId } from "../aws-rules";
import { refusal } from "../instance-types";
import { LIMITS, allowed } from "../limits";
import { overlaps, parseCidr } from "../cidr";
import {
    REDIS_ENGINES,
    hasDurability,
    isDurableNode,
    parameterGroupFamily,
    versionsText,
} from "../redis-engines";
import { pathText, type Problem } from "./problem";
import type { Settings } from "./schema";

const because = (rule: AwsRuleId) => `${AWS_RULES[rule].says} (${AWS_RULES[rule].url})`;

function problem(path: readonly PropertyKey[], value: unknown, allowed: string): Problem {
    return { path: pathText(path), value, allowed };
}

function capacity({ scaling, regions }: Settings): Problem[] {
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
        if (desired < min || desired > max) {
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

function schedule({ scaling }: Settings): Problem[] {
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
function instanceTypes({ scaling: { tier, spot }, regions }: Settings): Problem[] {
    return (spot.instanceTypes ?? []).flatMap((type, i) => {
        const [why] = Object.keys(regions).flatMap((region) => refusal(type, tier, region) ?? []);
        return why ? [problem(["scaling", "spot", "instanceTypes", i], type, why)] : [];
    });
}

function predictive({ scaling: { predictive: p } }: Settings): Problem[] {
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

function proxies({ strategy, proxy }: Settings["loadBalancer"]): Problem[] {
    const found: Problem[] = [];
    if (strategy === "least-connections" && proxy.image === undefined) {
        found.push(
            problem(
                ["loadBalancer", "proxy", "image"],
                undefined,
                "the container image of the logcaster command while loadBalancer.strategy is least-connections: its agent tells the proxies where the instances are",
            ),
        );
    }
    if (proxy.min > proxy.max) {
        found.push(
            problem(
                ["loadBalancer", "proxy", "min"],
                proxy.min,
                `at most loadBalancer.proxy.max, which is ${proxy.max}`,
            ),
        );
    }
    return found;
}

function balancer({ loadBalancer: lb, scaling, service, regions }: Settings): Problem[] {
    const found: Problem[] = [];
    const { intervalSeconds, timeoutSeconds } = lb.healthCheck;
    if (timeoutSeconds >= intervalSeconds) {
        found.push(
            problem(
                ["loadBalancer", "healthCheck", "timeoutSeconds"],
                timeoutSeconds,
                `less than intervalSeconds ${intervalSeconds}: ${because("targetGroup.timeoutUnderInterval")}`,
            ),
        );
    }
    if (scaling.drainSeconds <= lb.deregistrationDelaySeconds) {
        found.push(
            problem(
                ["scaling", "drainSeconds"],
                scaling.drainSeconds,
                `more than loadBalancer.deregistrationDelaySeconds ${lb.deregistrationDelaySeconds}, or instances end before their connections do`,
            ),
        );
    }
    if (service.port === service.httpPort) {
        found.push(
            problem(["service", "httpPort"], service.httpPort, "a port other than service.port"),
        );
    }
    found.push(...proxies(lb));
    for (const [name, region] of Object.entries(regions)) {
        if (lb.tls && !region.certificateArn) {
            found.push(
                problem(
                    ["regions", name, "certificateArn"],
                    undefined,
                    `a certificate while loadBalancer.tls is true: ${because("nlb.tlsNeedsCertificate")}`,
                ),
            );
        }
    }
    return found;
}

function places({ primaryRegion, regions }: Settings): Problem[] {
    const found: Problem[] = [];
    const names = Object.keys(regions);
    if (names.length > 0 && !names.includes(primaryRegion)) {
        found.push(
            problem(
                ["primaryRegion"],
                primaryRegion,
                `a region of this stack: ${names.join(", ")}`,
            ),
        );
    }
    if (names.length === 0) found.push(problem(["regions"], regions, "at least one region"));
    const count = allowed("regions.region.zones");
    names.forEach((name, i) => {
        const region = regions[name]!;
        const at = (...rest: PropertyKey[]) => ["regions", name, ...rest];
        if (region.zones.length < count.min || region.zones.length > count.max) {
            found.push(
                problem(
                    at("zones"),
                    region.zones,
                    `${count.min} to ${count.max} zones (${LIMITS["regions.region.zones"].origin})`,
                ),
            );
        }
        region.zones.forEach((zone, z) => {
            if (!zone.startsWith(name) || !/^[a-h]$/.test(zone.slice(name.length))) {
                found.push(
                    problem(
                        at("zones", z),
                        zone,
                        `${name}a to ${name}h: ${because("zone.region")}`,
                    ),
                );
            } else if (region.zones.indexOf(zone) !== z) {
                found.push(problem(at("zones", z), zone, "each zone once"));
            }
        });
        if (region.certificateArn && region.certificateArn.split(":")[3] !== name) {
            found.push(
                problem(
                    at("certificateArn"),
                    region.certificateArn,
                    `a certificate in ${name}: ${because("certificate.region")}`,
                ),
            );
        }
        if (!IANAZone.isValidZone(region.timeZone)) {
            found.push(
                problem(
                    at("timeZone"),
                    region.timeZone,
                    "a name of the IANA time zone database, such as Asia/Tokyo",
                ),
            );
        }
        found.push(...network(name, region));
        for (const other of names.slice(0, i)) {
            if (overlaps(region.cidr, regions[other]!.cidr)) {
                found.push(
                    problem(
                        at("cidr"),
                        region.cidr,
                        `a block that does not overlap with ${regions[other]!.cidr} of ${other}, so that the regions can be peered`,
                    ),
                );
            }
        }
    });
    return found;
}

function network(name: string, region: Settings["regions"][string]): Problem[] {
    const at = (...rest: PropertyKey[]) => ["regions", name, ...rest];
    const { cidr, existingNetwork: existing } = region;
    const found: Problem[] = [];
    const block = parseCidr(cidr);
    if (block.prefix < AWS_RULES["vpc.prefixLength"].min || block.prefix > MAX_PLANNED_PREFIX) {
        found.push(
            problem(
                at("cidr"),
                cidr,
                `a prefix of /16 to /${MAX_PLANNED_PREFIX}: ${because("vpc.prefixLength")}, and eight zones must fit`,
            ),
        );
    } else if (block.hostBits !== 0) {
        found.push(
            problem(at("cidr"), cidr, "a block whose address bits after the prefix are zero"),
        );
    }
    if (existing) {
        for (const key of ["publicSubnetIds", "privateSubnetIds", "isolatedSubnetIds"] as const) {
            const given = Object.keys(existing[key]).sort().join(", ");
            if (given !== [...region.zones].sort().join(", ")) {
                found.push(
                    problem(
                        at("existingNetwork", key),
                        existing[key],
                        `one subnet for each of ${region.zones.join(", ")}`,
                    ),
                );
            }
        }
    } else if (region.nat === "none" && !region.interfaceEndpoints) {
        found.push(
            problem(
                at("nat"),
                "none",
                `single or per-zone, or interfaceEndpoints: true: ${because("vpc.bootEndpoints")}`,
            ),
        );
    }
    return found;
}

/** Longest prefix the address plan can split into eight zones of three subnets. */
export const MAX_PLANNED_PREFIX = 19;

function redis({ redis: settings, regions }: Settings): Problem[] {
    const { partitions } = settings;
    const found: Problem[] = [];
    if (!Number.isInteger(Math.log2(partitions))) {
        found.push(
            problem(
                ["redis", "partitions"],
                partitions,
                `a power of two (${LIMITS["redis.partitions"].origin})`,
            ),
        );
    }
    const zones = Math.min(...Object.values(regions).map((r) => r.zones.length));
    for (const role of ["store", "cache"] as const) {
        const { engine, shards, copies, autoScaling, nodeType, durability } = settings[role];
        const { engineVersion = REDIS_ENGINES[engine].version } = settings[role];
        const at = (...rest: PropertyKey[]) => ["redis", role, ...rest];
        if (parameterGroupFamily(engine, engineVersion) === undefined) {
            found.push(problem(at("engineVersion"), engineVersion, versionsText(engine)));
        } else if (
            durability !== undefined &&
            durability !== "disabled" &&
            !(hasDurability(engine, engineVersion) && isDurableNode(nodeType))
        ) {
            found.push(
                problem(
                    at("durability"),
                    durability,
                    `disabled on ${engine} ${engineVersion} and ${nodeType}: ${because("elasticache.durability")}`,
                ),
            );
        }
        const limit = LIMITS["redis.role.imbalancePercent"].value;
        const imbalance = (Math.ceil(partitions / shards) / (partitions / shards) - 1) * 100;
        if (imbalance > limit) {
            found.push(
                problem(
                    at("shards"),
                    shards,
                    `a count that divides ${partitions} partitions with the fullest shard at most ${limit} % over the mean; ${shards} gives ${Math.round(imbalance)} %`,
                ),
            );
        }
        if (copies > zones) {
            found.push(
                problem(
                    at("copies"),
                    copies,
                    `at most the number of zones of every region, ${zones}: a replica in its primary's zone is lost with it`,
                ),
            );
        }
        const maxNodes = allowed("redis.role.nodes").max;
        if (shards * copies > maxNodes) {
            found.push(
                problem(
                    at("shards"),
                    shards,
                    `shards times copies at most ${maxNodes}: ${because("elasticache.nodes")}; ${shards} x ${copies} is ${shards * copies}`,
                ),
            );
        }
        if (autoScaling.enabled) {
            if (!/^cache\.(m|r|c)\d\w*\.(\d*x?large)$/.test(nodeType)) {
                found.push(
                    problem(at("nodeType"), nodeType, because("elasticache.autoScalingNodeType")),
                );
            }
            if (autoScaling.maxShards < shards) {
                found.push(
                    problem(
                        at("autoScaling", "maxShards"),
                        autoScaling.maxShards,
                        `at least shards ${shards}`,
                    ),
                );
            }
        }
    }
    return found;
}

function dns({ dns: settings, regions }: Settings): Problem[] {
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

/** Every check, in the order of the settings. */
export const CHECKS: readonly ((settings: Settings) => Problem[])[] = [
    capacity,
    schedule,
    predictive,
    instanceTypes,
    places,
    balancer,
    redis,
    dns,
];
