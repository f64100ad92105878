import { because } from "../../aws-rules";
import { isBlock } from "../../cidr";
import { HEALTH_PORT } from "../../user-data/layout";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";
import { eachOnce } from "./each-once";

/** Beside the service, the health agent listens. */
function ports({ service }: Settings): Problem[] {
    const found: Problem[] = [];
    if (service.port === service.httpPort) {
        found.push(
            problem(["service", "httpPort"], service.httpPort, "a port other than service.port"),
        );
    }
    for (const key of ["port", "httpPort"] as const) {
        if (service[key] !== HEALTH_PORT) continue;
        const allowed = `a port other than ${HEALTH_PORT}: the local agent answers health checks there`;
        found.push(problem(["service", key], service[key], allowed));
    }
    return found;
}

function doors({ loadBalancer: { allowedCidrs } }: Settings): Problem[] {
    const path = ["loadBalancer", "allowedCidrs"];
    return [
        ...allowedCidrs.flatMap((cidr, i) => {
            const allowed = "a block whose address bits after the prefix are zero";
            return isBlock(cidr) ? [] : [problem([...path, i], cidr, allowed)];
        }),
        ...eachOnce(path, allowedCidrs),
    ];
}

function proxies({ platform, loadBalancer }: Settings): Problem[] {
    const { strategy, proxy, deregistrationDelaySeconds } = loadBalancer;
    const found: Problem[] = [];
    // Proxies in Kubernetes find pods by DNS.
    const needsAgent = platform === "ec2" && strategy === "least-connections";
    if (needsAgent && proxy.image === undefined) {
        found.push(
            problem(
                ["loadBalancer", "proxy", "image"],
                undefined,
                "the container image of the logcaster command while loadBalancer.strategy is least-connections: its agent tells the proxies where the instances are",
            ),
        );
    }
    if (needsAgent && deregistrationDelaySeconds < 1) {
        found.push(
            problem(
                ["loadBalancer", "deregistrationDelaySeconds"],
                deregistrationDelaySeconds,
                "at least 1 while loadBalancer.strategy is least-connections: a proxy that leaves ends its connections in it",
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

export function balancer(settings: Settings): Problem[] {
    const { loadBalancer: lb, scaling, regions } = settings;
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
    found.push(...ports(settings), ...doors(settings), ...proxies(settings));
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
