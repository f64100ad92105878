import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

export const NETWORK_CASES: Cases = {
    "logcaster-network-log-flows": {
        "no flow log": {
            change: (s) => s.remove("flow-log"),
            says: ["vpc: no flow log records the network's traffic"],
        },
        "a flow log of another network, whose id is known": {
            change: (s) => s.set("flow-log", "vpcId", "vpc-2").refer("flow-log", "vpcId"),
            says: ["vpc: no flow log records the network's traffic"],
        },
        "a flow log by the network's known id": {
            change: (s) =>
                s
                    .set("vpc", "id", "vpc-1")
                    .set("flow-log", "vpcId", "vpc-1")
                    .refer("flow-log", "vpcId"),
        },
        "a flow log of a network not known yet": {
            change: (s) => s.refer("flow-log", "vpcId"),
            says: ["vpc: no flow log records the network's traffic"],
        },
    },
    "logcaster-network-take-over-default-group": {
        "AWS's own default group": {
            change: (s) => s.remove("default-group"),
            says: [
                "vpc: the network's default security group is as AWS made it, open between its members",
            ],
        },
        "a default group of a network not known yet": {
            change: (s) => s.refer("default-group", "vpcId"),
            says: [
                "vpc: the network's default security group is as AWS made it, open between its members",
            ],
        },
    },
    "logcaster-network-close-default-group": {
        "rules in the default group": {
            change: (s) => s.set("default-group", "ingress", [{ self: true }]),
            says: [
                "default-group: the default security group's ingress is given, must be left out",
            ],
        },
        "rules not known yet": {
            change: (s) => s.set("default-group", "egress", UNKNOWN),
            says: ["default-group: the default security group's egress is given, must be left out"],
        },
    },
    "logcaster-network-give-no-public-addresses": {
        "automatic addresses": {
            change: (s) => s.set("subnet-a", "mapPublicIpOnLaunch", true),
            says: ["subnet-a: mapPublicIpOnLaunch is true, must be false"],
        },
        "the default": { change: (s) => s.set("subnet-a", "mapPublicIpOnLaunch", undefined) },
        "addresses not known yet": {
            change: (s) => s.set("subnet-a", "mapPublicIpOnLaunch", UNKNOWN),
            unknown: ["mapPublicIpOnLaunch"],
        },
    },
    "logcaster-security-group-describe-rules": {
        "no words": {
            change: (s) =>
                s
                    .set("ingress", "description", undefined)
                    .set("older-rule", "description", "")
                    .set("inline-group", "ingress.0.description", undefined)
                    .set("separate-group", "description", "Managed by Pulumi"),
            says: [
                "separate-group: description is Managed by Pulumi, must be what the rule or group is for",
                "ingress: description is not set, must be what the rule or group is for",
                "inline-group: ingress tcp 80's description is not set, must be given",
                "older-rule: description is not set, must be what the rule or group is for",
            ],
        },
        "words not known yet are words": {
            change: (s) => s.set("ingress", "description", UNKNOWN),
        },
    },
    "logcaster-security-group-close-to-the-world": {
        "the world in three kinds of rule": {
            change: (s) =>
                s
                    .set("ingress", "cidrIpv4", "0.0.0.0/0")
                    .set("inline-group", "ingress.0.ipv6CidrBlocks", ["::/0"])
                    .set("older-rule", "type", "ingress"),
            says: [
                "ingress: tcp 9999 is open to 0.0.0.0/0, must be a recorded front door",
                "inline-group: tcp 80 is open to ::/0, must be a recorded front door",
                "older-rule: tcp 443 is open to 0.0.0.0/0, must be a recorded front door",
            ],
        },
        "every port, and a range": {
            change: (s) =>
                s
                    .set("ingress", "cidrIpv4", undefined)
                    .set("ingress", "cidrIpv6", "::/0")
                    .set("ingress", "ipProtocol", "-1")
                    .set("inline-group", "ingress.0.toPort", 90)
                    .set("inline-group", "ingress.0.cidrBlocks", ["10.0.0.0/8", "0.0.0.0/0"]),
            says: [
                "ingress: every port is open to ::/0, must be a recorded front door",
                "inline-group: tcp 80 to 90 is open to 0.0.0.0/0, must be a recorded front door",
            ],
        },
        "the way out": { change: (s) => s.set("egress", "cidrIpv4", "0.0.0.0/0") },
        "a block not known yet": {
            change: (s) => s.set("ingress", "cidrIpv4", UNKNOWN),
            unknown: ["cidrIpv4"],
        },
    },
    "logcaster-security-group-name-egress": {
        "out anywhere": {
            change: (s) =>
                s
                    .set("egress", "cidrIpv4", "0.0.0.0/0")
                    .set("egress", "ipProtocol", "-1")
                    .set("inline-group", "egress", [
                        { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
                    ]),
            says: [
                "egress: every port leads out to 0.0.0.0/0, must name a port or a destination",
                "inline-group: every port leads out to 0.0.0.0/0, must name a port or a destination",
            ],
        },
        "every port, to the network": { change: (s) => s.set("egress", "ipProtocol", "-1") },
        "a destination not known yet": {
            change: (s) => s.set("egress", "cidrIpv4", UNKNOWN),
            unknown: ["cidrIpv4"],
        },
    },
    "logcaster-security-group-keep-rules-in-one-place": {
        "both kinds, the group not known yet": {
            change: (s) => s.refer("egress", "securityGroupId", "inline-group"),
            says: [
                "inline-group: the group has rules inline (ingress) and as resources (egress), which undo each other",
            ],
        },
        "both kinds, the group known": {
            change: (s) =>
                s
                    .set("inline-group", "id", "sg-1")
                    .refer("older-rule", "securityGroupId")
                    .set("older-rule", "securityGroupId", "sg-1"),
            says: [
                "inline-group: the group has rules inline (ingress) and as resources (older-rule), which undo each other",
            ],
        },
    },
};
