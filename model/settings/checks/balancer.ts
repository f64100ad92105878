import { because } from "../../aws-rules";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

function proxies({ platform, loadBalancer: { strategy, proxy } }: Settings): Problem[] {
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
    const { loadBalancer: lb, scaling, service, regions } = settings;
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
    found.push(...proxies(settings));
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
