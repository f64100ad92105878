import { AWS_RULES, because } from "logcaster-model/aws-rules";
import { MAX_PLANNED_PREFIX, parseCidr } from "logcaster-model/cidr";
import { LIMITS, allowed } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { allowedText } from "logcaster-model/settings/fields";
import { isAllowed } from "../problems";
import { zoneLetter } from "./address-plan";
import { NatMode, type NetworkArgs } from "./args";
import { NETWORK_DEFAULTS } from "./defaults";

/** Every mistake in the arguments. */
export function networkProblems(args: NetworkArgs): Problem[] {
    return [...zones(args), ...cidr(args), ...wayOut(args), ...flowLogs(args)];
}

function zones({ region, zones: given, existing }: NetworkArgs): Problem[] {
    const found: Problem[] = [];
    const count = allowed("regions.region.zones");
    if (given.length < count.min || given.length > count.max) {
        found.push({
            path: "zones",
            value: given,
            allowed: `${count.min} to ${count.max} zones (${LIMITS["regions.region.zones"].origin})`,
        });
    }
    given.forEach((zone, i) => {
        if (zoneLetter(region, zone) === undefined) {
            found.push({
                path: `zones[${i}]`,
                value: zone,
                allowed: `${region}a to ${region}h: ${because("zone.region")}`,
            });
        } else if (given.indexOf(zone) !== i) {
            found.push({ path: `zones[${i}]`, value: zone, allowed: "each zone once" });
        }
    });
    for (const key of ["publicSubnetIds", "privateSubnetIds", "isolatedSubnetIds"] as const) {
        const keys = existing && Object.keys(existing[key]);
        if (keys && [...keys].sort().join() !== [...given].sort().join()) {
            found.push({
                path: `existing.${key}`,
                value: keys,
                allowed: `one subnet for each of ${given.join(", ")}`,
            });
        }
    }
    return found;
}

function cidr({ cidr: given, existing }: NetworkArgs): Problem[] {
    const problem = (text: string): Problem[] => [{ path: "cidr", value: given, allowed: text }];
    let block;
    try {
        block = parseCidr(given);
    } catch {
        return problem("an IPv4 block, a.b.c.d/n");
    }
    const { min, max } = AWS_RULES["vpc.prefixLength"];
    const longest = existing ? max : MAX_PLANNED_PREFIX;
    if (block.prefix < min || block.prefix > longest) {
        const plan = existing ? "" : ", and the address plan splits it for eight zones";
        return problem(`a prefix of /${min} to /${longest}: ${because("vpc.prefixLength")}${plan}`);
    }
    return block.hostBits === 0
        ? []
        : problem("a block whose address bits after the prefix are zero");
}

function wayOut({ nat, interfaceEndpoints, existing }: NetworkArgs): Problem[] {
    const modes: readonly string[] = Object.values(NatMode);
    if (nat !== undefined && !modes.includes(nat)) {
        return [{ path: "nat", value: nat, allowed: `one of ${modes.join(", ")}` }];
    }
    if (existing) {
        return interfaceEndpoints
            ? [
                  {
                      path: "interfaceEndpoints",
                      value: true,
                      allowed:
                          "false with an existing VPC: nothing is created in it, its owner adds endpoints",
                  },
              ]
            : [];
    }
    return nat === NatMode.None && !interfaceEndpoints
        ? [
              {
                  path: "nat",
                  value: nat,
                  allowed: `single or per-zone, or interfaceEndpoints: true: ${because("vpc.bootEndpoints")}`,
              },
          ]
        : [];
}

function flowLogs({ flowLogDays = NETWORK_DEFAULTS.flowLogDays }: NetworkArgs): Problem[] {
    return isAllowed("regions.region.flowLogDays", flowLogDays)
        ? []
        : [
              {
                  path: "flowLogDays",
                  value: flowLogDays,
                  allowed: allowedText("regions.region.flowLogDays"),
              },
          ];
}
