import { because } from "../../aws-rules";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

/** The one region that CloudFront takes certificates from. */
const CERTIFICATE_REGION = "us-east-1";
const EVERYBODY = "0.0.0.0/0";

export function edge({ edge: settings, dns, regions, loadBalancer }: Settings): Problem[] {
    const found: Problem[] = [];
    const refuse = (path: PropertyKey[], value: unknown, allowed: string) =>
        found.push(problem(path, value, allowed));
    const edgeHost = dns?.edgeHost;
    if (!settings) {
        if (edgeHost !== undefined) {
            refuse(["edge"], undefined, "the cache's settings while dns.edgeHost names it");
        }
        return found;
    }
    if (!dns || edgeHost === undefined) {
        refuse(["dns", "edgeHost"], undefined, "a name for the cache while edge is given");
        return found;
    }
    if (edgeHost !== dns.zoneName && !edgeHost.endsWith(`.${dns.zoneName}`)) {
        refuse(
            ["dns", "edgeHost"],
            edgeHost,
            `a name in ${dns.zoneName}: ${because("route53.hostInZone")}`,
        );
    }
    if ([dns.host, dns.httpHost].includes(edgeHost)) {
        refuse(
            ["dns", "edgeHost"],
            edgeHost,
            "a name other than dns.host and dns.httpHost: the latter is what the edge asks",
        );
    }
    if (settings.certificateArn.split(":")[3] !== CERTIFICATE_REGION) {
        refuse(
            ["edge", "certificateArn"],
            settings.certificateArn,
            because("cloudfront.certificateRegion"),
        );
    }
    if (!loadBalancer.allowedCidrs.includes(EVERYBODY)) {
        refuse(
            ["loadBalancer", "allowedCidrs"],
            loadBalancer.allowedCidrs,
            `${EVERYBODY} among them while edge is given: CloudFront asks from addresses of its own`,
        );
    }
    for (const [name, region] of Object.entries(regions)) {
        // Without TLS' own certificate nothing more need be said.
        if (region.certificateArn !== undefined || loadBalancer.tls) continue;
        refuse(
            ["regions", name, "certificateArn"],
            undefined,
            "a certificate for dns.httpHost while edge is given: the edge asks a region over HTTPS",
        );
    }
    settings.paths.forEach(({ path }, i) => {
        const first = settings.paths.findIndex((each) => each.path === path);
        if (first !== i) {
            refuse(["edge", "paths", i, "path"], path, `each path once; paths[${first}] has it`);
        }
    });
    return found;
}
