import { IANAZone } from "luxon";
import { AWS_RULES, because } from "../../aws-rules";
import { MAX_PLANNED_PREFIX, overlaps, parseCidr } from "../../cidr";
import { LIMITS, allowed } from "../../limits";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function places({ primaryRegion, regions }: Settings): Problem[] {
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
        if (region.interfaceEndpoints) {
            found.push(
                problem(
                    at("interfaceEndpoints"),
                    true,
                    "false with existingNetwork: nothing is created in it, its owner adds endpoints",
                ),
            );
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
