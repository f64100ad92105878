import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const ATTACHMENT = "aws:autoscaling/attachment:Attachment";
const tag = (key: string) => [{ key, value: "x", propagateAtLaunch: true }];

export const CAPACITY_CASES: Cases = {
    "logcaster-capacity-stay-inside-limits": {
        "a maximum over the ceiling": {
            change: (s) => s.set("group", "maxSize", 80),
            says: ["group: maxSize is 80, limit 50 (max)"],
        },
        "the ceiling itself": { change: (s) => s.set("group", "maxSize", 50) },
        "a minimum under the limit": {
            change: (s) => s.set("group", "minSize", 2),
            says: ["group: minSize is 2, limit 3 (min)"],
        },
        "a minimum over the maximum": {
            change: (s) => s.set("group", "minSize", 30),
            says: ["group: minSize is 30, must be at most maxSize 20"],
        },
        "a tighter maximum of the stack": {
            config: { max: 10 },
            says: [
                "group: maxSize is 20, limit 10 (max)",
                "node-group: maxSize is 20, limit 10 (max)",
            ],
        },
        "a higher minimum of the stack": {
            config: { min: 4 },
            says: ["group: minSize is 3, limit 4 (min)", "node-group: minSize is 3, limit 4 (min)"],
        },
        "a maximum not known yet does not hide the minimum": {
            change: (s) => s.set("group", "maxSize", UNKNOWN).set("group", "minSize", 1),
            says: ["group: minSize is 1, limit 3 (min)"],
            unknown: ["maxSize"],
        },
    },
    "logcaster-capacity-start-inside-bounds": {
        "more than the maximum": {
            change: (s) => s.set("group", "desiredCapacity", 21),
            says: ["group: desiredCapacity is 21, limit 20 (maxSize)"],
        },
        "less than the minimum": {
            change: (s) => s.set("group", "desiredCapacity", 2),
            says: ["group: desiredCapacity is 2, limit 3 (minSize)"],
        },
        "no desired capacity": { change: (s) => s.set("group", "desiredCapacity", undefined) },
        "a maximum not known yet does not hide the minimum": {
            change: (s) => s.set("group", "maxSize", UNKNOWN).set("group", "desiredCapacity", 1),
            says: ["group: desiredCapacity is 1, limit 3 (minSize)"],
            unknown: ["maxSize"],
        },
    },
    "logcaster-capacity-set-warmup": {
        "no warm-up": {
            change: (s) => s.set("group", "defaultInstanceWarmup", undefined),
            says: ["group: defaultInstanceWarmup is not set, limit 30 (minWarmupSeconds)"],
        },
        "a warm-up of zero": {
            change: (s) => s.set("group", "defaultInstanceWarmup", 0),
            says: ["group: defaultInstanceWarmup is 0, limit 30 (minWarmupSeconds)"],
        },
        "a longer warm-up of the stack": {
            config: { minWarmupSeconds: 200 },
            says: ["group: defaultInstanceWarmup is 180, limit 200 (minWarmupSeconds)"],
        },
        "a warm-up not known yet": {
            change: (s) => s.set("group", "defaultInstanceWarmup", UNKNOWN),
            unknown: ["defaultInstanceWarmup"],
        },
        "tags not known yet": { change: (s) => s.set("group", "tags", UNKNOWN) },
    },
    "logcaster-capacity-keep-cooldown": {
        "a cooldown of zero": {
            change: (s) => s.set("group", "defaultCooldown", 0),
            says: ["group: defaultCooldown is 0, must be left out or longer than 0 s"],
        },
        "a cooldown": { change: (s) => s.set("group", "defaultCooldown", 60) },
        "a cooldown not known yet": {
            change: (s) => s.set("group", "defaultCooldown", UNKNOWN),
            unknown: ["defaultCooldown"],
        },
    },
    "logcaster-group-use-elb-health-checks": {
        "EC2 checks behind a target group": {
            change: (s) => s.set("group", "healthCheckType", "EC2"),
            says: ["group: healthCheckType is EC2, must be ELB behind a load balancer"],
        },
        "no check behind a classic load balancer": {
            change: (s) =>
                s
                    .set("group", "targetGroupArns", undefined)
                    .set("group", "loadBalancers", ["classic"])
                    .set("group", "healthCheckType", undefined),
            says: ["group: healthCheckType is not set, must be ELB behind a load balancer"],
        },
        "no load balancer": {
            change: (s) =>
                s
                    .set("group", "targetGroupArns", undefined)
                    .set("group", "healthCheckType", undefined),
        },
        "target groups not known yet are there all the same": {
            change: (s) =>
                s.set("group", "targetGroupArns", UNKNOWN).set("group", "healthCheckType", "EC2"),
            says: ["group: healthCheckType is EC2, must be ELB behind a load balancer"],
        },
    },
    "logcaster-group-use-elb-health-checks-when-attached": {
        "EC2 checks, attached by name": {
            change: (s) =>
                s
                    .set("group", "healthCheckType", "EC2")
                    .set("group", "name", "fleet")
                    .add(ATTACHMENT, "attached", { autoscalingGroupName: "fleet" }),
            says: ["group: healthCheckType is EC2, must be ELB behind a load balancer"],
        },
        "EC2 checks, attached by a name not known yet": {
            change: (s) =>
                s.set("group", "healthCheckType", "EC2").add(
                    ATTACHMENT,
                    "attached",
                    { autoscalingGroupName: UNKNOWN },
                    {
                        autoscalingGroupName: ["group"],
                    },
                ),
            says: ["group: healthCheckType is EC2, must be ELB behind a load balancer"],
        },
        "another group attached": {
            change: (s) =>
                s
                    .set("group", "healthCheckType", "EC2")
                    .add(ATTACHMENT, "attached", { autoscalingGroupName: "other" }),
        },
    },
    "logcaster-group-span-zones": {
        "one zone": {
            change: (s) => s.set("group", "vpcZoneIdentifiers", ["subnet-1"]),
            says: ["group: the number of zones is 1, limit 2 (minZones)"],
        },
        "one zone by name": {
            change: (s) =>
                s
                    .set("group", "vpcZoneIdentifiers", undefined)
                    .refer("group", "vpcZoneIdentifiers")
                    .set("group", "availabilityZones", ["us-east-1a"]),
            says: ["group: the number of zones is 1, limit 2 (minZones)"],
        },
        "more zones asked for": {
            config: { minZones: 3 },
            says: [
                "group: the number of zones is 2, limit 3 (minZones)",
                "node-group: the number of zones is 2, limit 3 (minZones)",
            ],
        },
        "a list not known yet, made from one subnet": {
            change: (s) =>
                s
                    .set("group", "vpcZoneIdentifiers", UNKNOWN)
                    .refer("group", "vpcZoneIdentifiers", "subnet-a"),
            says: ["group: the number of zones is 1, limit 2 (minZones)"],
        },
        "a list not known yet, made from two subnets": {
            change: (s) => s.set("group", "vpcZoneIdentifiers", UNKNOWN),
        },
        "a list not known yet, made from nothing": {
            change: (s) =>
                s
                    .set("group", "vpcZoneIdentifiers", UNKNOWN)
                    .set("group", "availabilityZones", UNKNOWN)
                    .refer("group", "vpcZoneIdentifiers"),
            unknown: ["vpcZoneIdentifiers"],
        },
    },
    "logcaster-group-mix-instance-types": {
        "one type": {
            change: (s) => s.set("group", "mixedInstancesPolicy", undefined),
            says: ["group: the number of instance types is 1, limit 2 (minInstanceTypes)"],
        },
        "the same type twice": {
            change: (s) =>
                s.set("node-group", "mixedInstancesPolicy.launchTemplate.overrides", [
                    { instanceType: "m7i.xlarge" },
                    { instanceType: "m7i.xlarge", weightedCapacity: "2" },
                ]),
            says: ["node-group: the number of instance types is 1, limit 2 (minInstanceTypes)"],
        },
        "types by their attributes": {
            change: (s) =>
                s.set("group", "mixedInstancesPolicy.launchTemplate.overrides", [
                    { instanceRequirements: { vcpuCount: { min: 4 } } },
                ]),
        },
        "more types asked for": {
            config: { minInstanceTypes: 3 },
            says: ["node-group: the number of instance types is 2, limit 3 (minInstanceTypes)"],
        },
        "types not known yet": {
            change: (s) => s.set("group", "mixedInstancesPolicy.launchTemplate.overrides", UNKNOWN),
            unknown: ["mixedInstancesPolicy.launchTemplate.overrides"],
        },
    },
    "logcaster-group-use-launch-template": {
        "a launch configuration": {
            change: (s) => s.add(CONFIGURATION, "old", { imageId: "ami-1" }),
            says: [
                "old: a launch configuration is declared, which takes no new instance types or features",
            ],
        },
        "a group that uses one not known yet": {
            change: (s) => s.set("group", "launchConfiguration", UNKNOWN),
            says: [
                "group: launchConfiguration is set, must be a launchTemplate or a mixedInstancesPolicy",
            ],
        },
    },
    "logcaster-group-supply-tags": {
        "no tags": {
            change: (s) => s.set("group", "tags", undefined),
            says: ["group: tags is not set, must be given"],
        },
        "a tag that the stack requires": {
            config: { requiredTags: ["Name"] },
            says: [
                "node-group: tags is k8s.io/cluster-autoscaler/enabled, limit Name (requiredTags)",
            ],
        },
        "tags not known yet": {
            change: (s) => s.set("group", "tags", UNKNOWN),
            unknown: ["tags"],
        },
    },
    "logcaster-group-grant-grace": {
        "no grace": {
            change: (s) => s.set("group", "healthCheckGracePeriod", 0),
            says: ["group: healthCheckGracePeriod is 0, limit 30 (minGraceSeconds)"],
        },
        "the provider's own grace": {
            change: (s) => s.set("group", "healthCheckGracePeriod", undefined),
        },
        "no ELB checks": {
            change: (s) =>
                s.set("group", "healthCheckGracePeriod", 0).set("group", "healthCheckType", "EC2"),
        },
        "a longer grace of the stack": {
            config: { minGraceSeconds: 300 },
            says: ["group: healthCheckGracePeriod is 240, limit 300 (minGraceSeconds)"],
        },
        "a grace not known yet": {
            change: (s) => s.set("group", "healthCheckGracePeriod", UNKNOWN),
            unknown: ["healthCheckGracePeriod"],
        },
    },
    "logcaster-group-notify-scaling-events": {
        "no notification of failures": {
            change: (s) =>
                s.set("events-of-group", "notifications", [
                    "autoscaling:EC2_INSTANCE_LAUNCH",
                    "autoscaling:EC2_INSTANCE_TERMINATE",
                ]),
            says: [
                "group: nobody is notified of autoscaling:EC2_INSTANCE_LAUNCH_ERROR, autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
            ],
        },
        "events split over two resources, one by a group name known": {
            change: (s) =>
                s
                    .set("group", "name", "fleet")
                    .set("events-of-group", "notifications", [
                        "autoscaling:EC2_INSTANCE_LAUNCH",
                        "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
                    ])
                    .add("aws:autoscaling/notification:Notification", "more", {
                        groupNames: ["other", "fleet"],
                        notifications: [
                            "autoscaling:EC2_INSTANCE_TERMINATE",
                            "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
                        ],
                    }),
        },
        "events not known yet": {
            change: (s) => s.set("events-of-group", "notifications", UNKNOWN),
            unknown: ["notifications"],
        },
    },
    "logcaster-nodes-leave-health-to-the-cluster": {
        "ELB checks of nodes": {
            change: (s) => s.set("node-group", "healthCheckType", "ELB"),
            says: [
                "node-group: healthCheckType is ELB, must be EC2 for a group of Kubernetes nodes",
            ],
        },
        "zone rebalancing of nodes": {
            change: (s) => s.set("node-group", "suspendedProcesses", undefined),
            says: ["node-group: suspendedProcesses is not set, must be a list with AZRebalance"],
        },
        "a group that only the cluster's name marks": {
            change: (s) => s.set("group", "tags", tag("k8s.io/cluster-autoscaler/logcaster")),
            says: [
                "group: healthCheckType is ELB, must be EC2 for a group of Kubernetes nodes",
                "group: suspendedProcesses is not set, must be a list with AZRebalance",
            ],
        },
        "a label template is no mark": {
            change: (s) =>
                s.set("group", "tags", tag("k8s.io/cluster-autoscaler/node-template/label/a")),
        },
        "a health check not known yet does not hide the rebalancing": {
            change: (s) =>
                s
                    .set("node-group", "healthCheckType", UNKNOWN)
                    .set("node-group", "suspendedProcesses", []),
            says: ["node-group: suspendedProcesses is empty, must be a list with AZRebalance"],
            unknown: ["healthCheckType"],
        },
    },
};
