/** Mistakes in names. */
import { outside, type BadSettings } from "./row";

export const BAD_DNS: readonly BadSettings[] = [
    outside(
        "dns.healthCheckIntervalSeconds",
        "dns.healthCheckIntervalSeconds",
        20,
        "one of 10, 30",
        "route53.healthCheckIntervalSeconds",
    ),
    outside(
        "dns.failureThreshold",
        "dns.failureThreshold",
        11,
        "from 1 to 10",
        "route53.failureThreshold",
    ),
    {
        mistake: "no default area",
        set: { "dns.areas[0].area": "country:KR" },
        path: "dns.areas",
        says: "the default area *",
        covers: ["route53.default"],
    },
    {
        mistake: "an area twice",
        set: { "dns.areas[3].area": "continent:EU" },
        path: "dns.areas[3].area",
        says: "areas[2] has it",
    },
    {
        mistake: "an area that is none",
        set: { "dns.areas[1].area": "country:KR/11" },
        path: "dns.areas[1].area",
        says: "in the US alone",
        covers: ["route53.area"],
    },
    {
        mistake: "an area that points to no region of the stack",
        set: { "dns.areas[1].region": "sa-east-1" },
        path: "dns.areas[1].region",
        says: "us-east-1, eu-west-1, ap-northeast-1",
    },
    {
        mistake: "a region nobody points to",
        set: { "dns.areas[4].region": "eu-west-1", "dns.areas[5].region": "eu-west-1" },
        path: "dns.areas",
        says: "nobody is sent to ap-northeast-1",
    },
    {
        mistake: "a host outside the zone",
        set: { "dns.host": "logs.example.org" },
        path: "dns.host",
        says: "a name in example.com",
        covers: ["route53.hostInZone"],
    },
    {
        mistake: "one host for both protocols",
        set: { "dns.httpHost": "logs.example.com" },
        path: "dns.httpHost",
        says: "a name other than dns.host",
    },
    {
        mistake: "areas beside latency",
        set: { "dns.mode": "latency" },
        path: "dns.areas",
        says: "no areas while dns.mode is latency",
    },
    {
        mistake: "an area's region left out",
        set: { "dns.areas[1].region": undefined },
        path: "dns.areas[1].region",
        says: "a region of logcaster:regions",
    },
];
