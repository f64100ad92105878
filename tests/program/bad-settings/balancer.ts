/** Mistakes in the service, its load balancers and proxies. */
import { outside, type BadSettings } from "./row";

const EU = 'regions["eu-west-1"]';

export const BAD_BALANCER: readonly BadSettings[] = [
    outside("service.port", "service.port", 0, "from 1 to 65535"),
    outside("service.httpPort", "service.httpPort", 65536, "from 1 to 65535"),
    outside(
        "service.connectionsPerInstance",
        "service.connectionsPerInstance",
        0,
        "from 1 to 50000",
    ),
    outside("loadBalancer.proxy.min", "loadBalancer.proxy.min", 1, "from 3 to 50"),
    outside("loadBalancer.proxy.max", "loadBalancer.proxy.max", 51, "from 3 to 50"),
    ...(["connectionsPerInstance", "connectionsPerSource"] as const).map((key) =>
        outside(`loadBalancer.proxy.${key}`, `loadBalancer.proxy.${key}`, 50_001, "to 50000"),
    ),
    outside(
        "loadBalancer.proxy.rebalanceSeconds",
        "loadBalancer.proxy.rebalanceSeconds",
        9,
        "from 10 to 3600",
    ),
    outside(
        "loadBalancer.healthCheck.intervalSeconds",
        "loadBalancer.healthCheck.intervalSeconds",
        2,
        "from 5 to 300",
        "targetGroup.intervalSeconds",
    ),
    outside(
        "loadBalancer.healthCheck.timeoutSeconds",
        "loadBalancer.healthCheck.timeoutSeconds",
        1,
        "from 2 to 120",
        "targetGroup.timeoutSeconds",
    ),
    outside(
        "loadBalancer.healthCheck.healthyThreshold",
        "loadBalancer.healthCheck.healthyThreshold",
        1,
        "from 2 to 10",
        "targetGroup.threshold",
    ),
    outside(
        "loadBalancer.healthCheck.unhealthyThreshold",
        "loadBalancer.healthCheck.unhealthyThreshold",
        11,
        "from 2 to 10",
    ),
    outside(
        "loadBalancer.deregistrationDelaySeconds",
        "loadBalancer.deregistrationDelaySeconds",
        3601,
        "from 0 to 3600",
        "targetGroup.deregistrationDelaySeconds",
    ),
    outside(
        "loadBalancer.tcpIdleTimeoutSeconds",
        "loadBalancer.tcpIdleTimeoutSeconds",
        30,
        "from 60 to 6000",
        "nlb.tcpIdleTimeoutSeconds",
    ),
    outside(
        "loadBalancer.httpIdleTimeoutSeconds",
        "loadBalancer.httpIdleTimeoutSeconds",
        4001,
        "from 1 to 4000",
        "alb.idleTimeoutSeconds",
    ),
    outside("loadBalancer.accessLogDays", "loadBalancer.accessLogDays", 0, "from 1 to 3653"),
    ...(["port", "httpPort"] as const).map((key) => ({
        mistake: `the health agent's port as service.${key}`,
        set: { [`service.${key}`]: 8404 },
        path: `service.${key}`,
        says: "a port other than 8404",
    })),
    {
        mistake: "a door with host bits",
        set: { "loadBalancer.allowedCidrs": ["0.0.0.0/0", "203.0.113.7/24"] },
        path: "loadBalancer.allowedCidrs[1]",
        says: "address bits after the prefix are zero",
    },
    {
        mistake: "a door twice",
        set: { "loadBalancer.allowedCidrs": ["0.0.0.0/0", "0.0.0.0/0"] },
        path: "loadBalancer.allowedCidrs[1]",
        says: "each once; allowedCidrs[0] is the same",
    },
    {
        mistake: "proxies without time to end their connections",
        set: { "loadBalancer.deregistrationDelaySeconds": 0 },
        path: "loadBalancer.deregistrationDelaySeconds",
        says: "at least 1 while loadBalancer.strategy is least-connections",
    },
    {
        mistake: "an image of a name longer than registries take",
        set: { "service.image": `example.com/${"a".repeat(250)}@sha256:${"0".repeat(64)}` },
        path: "service.image",
        says: "a container image by digest",
    },
    {
        mistake: "least connections without the proxies' agent",
        set: {
            "loadBalancer.strategy": "least-connections",
            "loadBalancer.proxy.image": undefined,
        },
        path: "loadBalancer.proxy.image",
        says: "its agent tells the proxies where the instances are",
    },
    {
        mistake: "more proxies at least than at most",
        set: { "loadBalancer.proxy.min": 11, "loadBalancer.proxy.max": 10 },
        path: "loadBalancer.proxy.min",
        says: "at most loadBalancer.proxy.max, which is 10",
    },
    {
        mistake: "an engine that is no proxy",
        set: { "loadBalancer.proxy.engine": "envoy" },
        path: "loadBalancer.proxy.engine",
        says: "one of haproxy, nginx",
    },
    {
        mistake: "an unknown balancing strategy",
        set: { "loadBalancer.strategy": "round-robin" },
        path: "loadBalancer.strategy",
        says: "one of flow-hash, least-connections",
    },
    {
        mistake: "no service image",
        set: { "service.image": undefined },
        path: "service.image",
        says: "a container image by digest",
    },
    {
        mistake: "an image by tag",
        set: { "service.image": "logcaster:latest" },
        path: "service.image",
        says: "a container image by digest",
    },
    {
        mistake: "a check that times out after its interval",
        set: { "loadBalancer.healthCheck.timeoutSeconds": 5 },
        path: "loadBalancer.healthCheck.timeoutSeconds",
        says: "less than intervalSeconds 5",
        covers: ["targetGroup.timeoutUnderInterval"],
    },
    {
        mistake: "one port for both protocols",
        set: { "service.httpPort": 9999 },
        path: "service.httpPort",
        says: "a port other than service.port",
    },
    {
        mistake: "TLS without a certificate",
        set: { "loadBalancer.tls": true, [`${EU}.certificateArn`]: undefined },
        path: `${EU}.certificateArn`,
        says: "a TLS listener needs a certificate",
        covers: ["nlb.tlsNeedsCertificate"],
    },
];
