import type * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";

const AREA =
    /^(?:(?<all>\*)|continent:(?<continent>AF|AN|AS|EU|NA|OC|SA)|country:(?<country>[A-Z]{2}))$/;
const STATE = /^country:US\/(?<state>[A-Z]{2})$/;

/** Whether Route 53 has such an area. */
export const isArea = (area: string): boolean => AREA.test(area) || STATE.test(area);

type Geolocation = Exclude<
    pulumi.Unwrap<route53.RecordArgs["geolocationRoutingPolicies"]>,
    undefined
>[number];

/** An area as a geolocation record has it; continent and country exclude each other, a state is the US's. */
export function geolocation(area: string): Geolocation {
    const state = STATE.exec(area)?.groups?.state;
    if (state) return { country: "US", subdivision: state };
    const { continent, country } = AREA.exec(area)?.groups ?? {};
    return continent ? { continent } : { country: country ?? "*" };
}

/** An area as part of a resource's name. */
export const areaKey = (area: string): string =>
    area === "*" ? "default" : area.replace(/[:/]/g, "-");
