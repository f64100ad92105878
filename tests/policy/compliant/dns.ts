import type * as route53 from "@pulumi/aws/route53";
import type { Unwrap } from "@pulumi/pulumi";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

export function dns(stack: TestStack): void {
    stack
        .add("aws:route53/zone:Zone", "zone", of<route53.ZoneArgs>({ name: "example.com" }))
        .add(
            "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
            "dnssec",
            of<route53.HostedZoneDnsSecArgs>({ hostedZoneId: UNKNOWN }),
            { hostedZoneId: ["zone"] },
        )
        .add(
            "aws:route53/queryLog:QueryLog",
            "query-log",
            of<route53.QueryLogArgs>({ zoneId: UNKNOWN, cloudwatchLogGroupArn: UNKNOWN }),
            { zoneId: ["zone"] },
        );
    const record = (
        name: string,
        props: Omit<Unwrap<route53.RecordArgs>, "zoneId" | "type">,
        to: string,
    ) =>
        stack.add(
            "aws:route53/record:Record",
            name,
            { zoneId: UNKNOWN, type: "A", ...props },
            {
                zoneId: ["zone"],
                aliases: [to],
            },
        );
    const alias = (name: string) => [{ name, zoneId: UNKNOWN, evaluateTargetHealth: true }];
    const tree = "us.tree.example.com";
    record(
        "primary",
        {
            name: tree,
            setIdentifier: "primary",
            failoverRoutingPolicies: [{ type: "PRIMARY" }],
            aliases: alias(UNKNOWN),
        },
        "nlb",
    );
    record(
        "secondary",
        {
            name: tree,
            setIdentifier: "secondary",
            failoverRoutingPolicies: [{ type: "SECONDARY" }],
            aliases: alias(UNKNOWN),
        },
        "nlb-elsewhere",
    );
    record(
        "everybody",
        {
            name: "logs.example.com",
            setIdentifier: "*",
            geolocationRoutingPolicies: [{ country: "*" }],
            aliases: alias(tree),
        },
        "zone",
    );
    record(
        "europe",
        {
            name: "logs.example.com",
            setIdentifier: "EU",
            geolocationRoutingPolicies: [{ continent: "EU" }],
            aliases: alias(tree),
        },
        "zone",
    );
}
