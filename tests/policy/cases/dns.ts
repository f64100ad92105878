import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const RECORD = "aws:route53/record:Record";
const alias = (name: string, evaluateTargetHealth = true) => [{ name, evaluateTargetHealth }];

export const DNS_CASES: Cases = {
    "logcaster-dns-answer-everybody": {
        "no default": {
            change: (s) => s.remove("everybody"),
            says: [
                "europe: logs.example.com answers EU and nobody else, must have a record for country *",
            ],
        },
        "two areas without a default, said once": {
            change: (s) =>
                s.remove("everybody").add(RECORD, "asia", {
                    name: "logs.example.com",
                    type: "A",
                    geolocationRoutingPolicies: [{ continent: "AS" }],
                }),
            says: [
                "europe: logs.example.com answers EU, AS and nobody else, must have a record for country *",
            ],
        },
        "a default of another type": {
            change: (s) => s.set("everybody", "type", "AAAA"),
            says: [
                "europe: logs.example.com answers EU and nobody else, must have a record for country *",
            ],
        },
        "names that differ in case and a dot": {
            change: (s) => s.set("everybody", "name", "LOGS.example.com."),
        },
        "a name not known yet": {
            change: (s) => s.set("europe", "name", UNKNOWN),
            unknown: ["name"],
        },
    },
    "logcaster-dns-name-areas-once": {
        "an area twice": {
            change: (s) =>
                s.add(RECORD, "europe-again", {
                    name: "logs.example.com",
                    type: "A",
                    geolocationRoutingPolicies: [{ continent: "EU" }],
                }),
            says: [
                "europe-again: the area EU of logs.example.com is named by europe too, must be once",
            ],
        },
        "an area and a part of it": {
            change: (s) =>
                s
                    .set("europe", "geolocationRoutingPolicies", [{ country: "US" }])
                    .add(RECORD, "state", {
                        name: "logs.example.com",
                        type: "A",
                        geolocationRoutingPolicies: [{ country: "US", subdivision: "CA" }],
                    }),
        },
        "the same area of another name": {
            change: (s) =>
                s.add(RECORD, "other", {
                    name: "http.example.com",
                    type: "A",
                    geolocationRoutingPolicies: [{ continent: "EU" }],
                }),
        },
        "an area not known yet is none": {
            change: (s) => s.set("europe", "geolocationRoutingPolicies", UNKNOWN),
        },
    },
    "logcaster-dns-fall-over-to-another-region": {
        "one region": {
            change: (s) => s.remove("secondary"),
            says: [
                "everybody: the number of regions behind logs.example.com's default record is 1, limit 2 (minRegions)",
            ],
        },
        "two load balancers of one region": {
            change: (s) => s.set("nlb-elsewhere", "region", "us-east-1"),
            says: [
                "everybody: the number of regions behind logs.example.com's default record is 1, limit 2 (minRegions)",
            ],
        },
        "a default that points past the tree": {
            change: (s) =>
                s.set("everybody", "aliases", alias(UNKNOWN)).refer("everybody", "aliases", "nlb"),
            says: [
                "everybody: the number of regions behind logs.example.com's default record is 1, limit 2 (minRegions)",
            ],
        },
        "the tree by a record's output not known yet": {
            change: (s) =>
                s
                    .set("everybody", "aliases", alias(UNKNOWN))
                    .refer("everybody", "aliases", "primary"),
        },
        "records that point at each other": {
            change: (s) =>
                s
                    .set("primary", "aliases", alias("logs.example.com"))
                    .refer("primary", "aliases", "zone"),
            says: [
                "everybody: the number of regions behind logs.example.com's default record is 1, limit 2 (minRegions)",
            ],
        },
        "three regions asked for": {
            config: { minRegions: 3 },
            says: [
                "everybody: the number of regions behind logs.example.com's default record is 2, limit 3 (minRegions)",
            ],
        },
    },
    "logcaster-dns-let-health-decide": {
        "a blind record": {
            change: (s) => s.set("europe", "aliases.0.evaluateTargetHealth", false),
            says: [
                "europe: logs.example.com (EU) has no health check and does not evaluate its target's health",
            ],
        },
        "a blind weighted record": {
            change: (s) =>
                s.add(RECORD, "weighted", {
                    name: "w.example.com",
                    setIdentifier: "1",
                    weightedRoutingPolicies: [{ weight: 1 }],
                    records: ["192.0.2.1"],
                }),
            says: [
                "weighted: w.example.com (1) has no health check and does not evaluate its target's health",
            ],
        },
        "a health check not known yet is one": {
            change: (s) =>
                s
                    .set("europe", "aliases.0.evaluateTargetHealth", false)
                    .set("europe", "healthCheckId", UNKNOWN),
        },
        "a record without routing": { change: (s) => s.add(RECORD, "plain", { name: "x" }) },
    },
    "logcaster-dns-alias-this-stack": {
        "somebody else's load balancer": {
            change: (s) =>
                s
                    .set("primary", "aliases", alias("other.elb.us-east-1.amazonaws.com"))
                    .refer("primary", "aliases"),
            says: [
                "primary: us.tree.example.com's alias is other.elb.us-east-1.amazonaws.com, must be a load balancer or record of this stack",
            ],
        },
        "a load balancer by its known name": {
            change: (s) =>
                s
                    .set("nlb", "dnsName", "nlb.elb.us-east-1.amazonaws.com")
                    .set("primary", "aliases", alias("nlb.elb.us-east-1.amazonaws.com"))
                    .refer("primary", "aliases"),
        },
        "a name not known yet, made of nothing in the stack": {
            change: (s) => s.refer("primary", "aliases"),
            says: [
                "primary: us.tree.example.com's alias is made of nothing in the stack, must be a load balancer or record of this stack",
            ],
        },
        "aliases that a preview leaves out as not known yet": {
            change: (s) =>
                s.add(RECORD, "plain", { name: "x.example.com", type: "TXT", aliases: UNKNOWN }),
        },
    },
    "logcaster-dns-point-at-resources": {
        "an address of nobody": {
            change: (s) =>
                s.add(RECORD, "plain", {
                    name: "x.example.com",
                    type: "A",
                    records: ["192.0.2.1"],
                }),
            says: [
                "plain: x.example.com's records is 192.0.2.1, must be addresses of resources of this stack",
            ],
        },
        "a text": {
            change: (s) =>
                s.add(RECORD, "plain", { name: "x.example.com", type: "TXT", records: ["v=1"] }),
        },
        "an address not known yet": {
            change: (s) =>
                s.add(
                    RECORD,
                    "plain",
                    { name: "x.example.com", type: "A", records: [UNKNOWN] },
                    { records: ["nlb"] },
                ),
        },
    },
    "logcaster-dns-sign-zone": {
        "an unsigned zone": {
            change: (s) => s.remove("dnssec"),
            says: ["zone: the public zone is not signed by DNSSEC"],
        },
        "a private zone": {
            change: (s) => s.remove("dnssec").set("zone", "vpcs", [{ vpcId: UNKNOWN }]),
        },
        "networks not known yet": {
            change: (s) =>
                s.remove("dnssec").set("zone", "vpcs", UNKNOWN).refer("zone", "vpcs", "vpc"),
        },
    },
    "logcaster-dns-log-queries": {
        "no log": {
            change: (s) => s.remove("query-log"),
            says: ["zone: the public zone's queries are not logged"],
        },
        "a log of a zone not known yet": {
            change: (s) => s.refer("query-log", "zoneId"),
            says: ["zone: the public zone's queries are not logged"],
        },
    },
};
