import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const INSTANCE = "aws:ec2/instance:Instance";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const MIX = "mixedInstancesPolicy.instancesDistribution";
const TEMPLATE = "mixedInstancesPolicy.launchTemplate";
const types = (...names: string[]) => names.map((instanceType) => ({ instanceType }));
const base64 = (words: string) => Buffer.from(words).toString("base64");

export const INSTANCE_CASES: Cases = {
    "logcaster-spot-keep-on-demand-capacity": {
        "a small base and share": {
            change: (s) =>
                s
                    .set("group", `${MIX}.onDemandBaseCapacity`, 1)
                    .set("group", `${MIX}.onDemandPercentageAboveBaseCapacity`, 10),
            says: [
                "group: onDemandBaseCapacity is 1, limit 2 (minOnDemandBase)",
                "group: onDemandPercentageAboveBaseCapacity is 10, limit 30 (minOnDemandPercent)",
            ],
        },
        "no base": {
            change: (s) => s.set("group", `${MIX}.onDemandBaseCapacity`, undefined),
            says: ["group: onDemandBaseCapacity is 0, limit 2 (minOnDemandBase)"],
        },
        "no spot": {
            change: (s) =>
                s
                    .set("group", `${MIX}.onDemandBaseCapacity`, 0)
                    .set("group", `${MIX}.onDemandPercentageAboveBaseCapacity`, undefined),
        },
        "more asked for": {
            config: { minOnDemandBase: 3, minOnDemandPercent: 50 },
            says: [
                "group: onDemandBaseCapacity is 2, limit 3 (minOnDemandBase)",
                "group: onDemandPercentageAboveBaseCapacity is 30, limit 50 (minOnDemandPercent)",
            ],
        },
        "a base not known yet does not hide the share": {
            change: (s) =>
                s
                    .set("group", `${MIX}.onDemandBaseCapacity`, UNKNOWN)
                    .set("group", `${MIX}.onDemandPercentageAboveBaseCapacity`, 0),
            says: [
                "group: onDemandPercentageAboveBaseCapacity is 0, limit 30 (minOnDemandPercent)",
            ],
            unknown: [`${MIX}.onDemandBaseCapacity`],
        },
    },
    "logcaster-spot-mix-in-the-group": {
        "a template that asks for spot": {
            change: (s) => s.set("template", "instanceMarketOptions", { marketType: "spot" }),
            says: [
                "template: instanceMarketOptions.marketType is spot, must be left to the group's distribution",
            ],
        },
        "a launch configuration that bids": {
            change: (s) => s.add(CONFIGURATION, "old", { spotPrice: "0.1" }),
            says: ["old: spotPrice is 0.1, must be left to the group's distribution"],
        },
        "a market not known yet": {
            change: (s) => s.set("template", "instanceMarketOptions", UNKNOWN),
            unknown: ["instanceMarketOptions"],
        },
    },
    "logcaster-spot-allocate-by-capacity": {
        "by lowest price": {
            change: (s) => s.set("group", `${MIX}.spotAllocationStrategy`, "lowest-price"),
            says: [
                "group: spotAllocationStrategy is lowest-price, limit price-capacity-optimized or capacity-optimized or capacity-optimized-prioritized (allowedStrategies)",
            ],
        },
        "AWS's default, which is the lowest price": {
            change: (s) => s.set("group", `${MIX}.spotAllocationStrategy`, undefined),
            says: [
                "group: spotAllocationStrategy is lowest-price, limit price-capacity-optimized or capacity-optimized or capacity-optimized-prioritized (allowedStrategies)",
            ],
        },
        "another choice of the stack": {
            config: { allowedStrategies: ["capacity-optimized"] },
            says: [
                "group: spotAllocationStrategy is price-capacity-optimized, limit capacity-optimized (allowedStrategies)",
            ],
        },
        "a strategy not known yet": {
            change: (s) => s.set("group", `${MIX}.spotAllocationStrategy`, UNKNOWN),
            unknown: [`${MIX}.spotAllocationStrategy`],
        },
    },
    "logcaster-spot-diversify-equal-types": {
        "two types": {
            change: (s) =>
                s.set("group", `${TEMPLATE}.overrides`, types("m7i.xlarge", "m7a.xlarge")),
            says: ["group: the number of instance types is 2, limit 3 (minInstanceTypes)"],
        },
        "types of two sizes": {
            change: (s) =>
                s.set(
                    "group",
                    `${TEMPLATE}.overrides`,
                    types("m7i.xlarge", "m7a.2xlarge", "c7i.xlarge"),
                ),
            says: [
                "group: m7a.2xlarge (8 CPU, 32 GiB) is among the instance types, must be as large as m7i.xlarge (4 CPU, 16 GiB)",
                "group: c7i.xlarge (4 CPU, 8 GiB) is among the instance types, must be as large as m7i.xlarge (4 CPU, 16 GiB)",
            ],
        },
        "the brief's burstable trio": {
            change: (s) =>
                s.set(
                    "group",
                    `${TEMPLATE}.overrides`,
                    types("t3.medium", "t3a.medium", "t2.medium"),
                ),
        },
        "a type whose name does not say its size": {
            change: (s) =>
                s.set(
                    "group",
                    `${TEMPLATE}.overrides`,
                    types("m7i.xlarge", "m7a.xlarge", "i4i.xlarge"),
                ),
        },
        "more types asked for": {
            config: { minInstanceTypes: 10 },
            says: ["group: the number of instance types is 3, limit 10 (minInstanceTypes)"],
        },
        "a type not known yet": {
            change: (s) => s.set("group", `${TEMPLATE}.overrides.0.instanceType`, UNKNOWN),
            unknown: [`${TEMPLATE}.overrides.0.instanceType`],
        },
    },
    "logcaster-spot-rebalance-capacity": {
        "no rebalancing": {
            change: (s) => s.set("group", "capacityRebalance", undefined),
            says: ["group: capacityRebalance is not set, must be true where spot is used"],
        },
        "rebalancing not known yet": {
            change: (s) => s.set("group", "capacityRebalance", UNKNOWN),
            unknown: ["capacityRebalance"],
        },
    },
    "logcaster-refresh-pin-template-version": {
        "the latest version": {
            change: (s) =>
                s.set("group", `${TEMPLATE}.launchTemplateSpecification.version`, "$Latest"),
            says: [
                "group: mixedInstancesPolicy version is $Latest, must be the number of a template's version",
            ],
        },
        "no version": {
            change: (s) =>
                s
                    .set("group", "mixedInstancesPolicy", undefined)
                    .set("group", "launchTemplate", { id: "lt-1" }),
            says: [
                "group: launchTemplate.version is not set, must be the number of a template's version",
            ],
        },
        "an override's own default version": {
            change: (s) =>
                s.set("group", `${TEMPLATE}.overrides.1.launchTemplateSpecification`, {
                    version: "$Default",
                }),
            says: [
                "group: override 1's version is $Default, must be the number of a template's version",
            ],
        },
        "a version not known yet is a template's output": {
            change: (s) =>
                s.set("node-group", `${TEMPLATE}.launchTemplateSpecification.version`, UNKNOWN),
        },
    },
    "logcaster-refresh-roll-back-automatically": {
        "no refresh": {
            change: (s) => s.set("group", "instanceRefresh", undefined),
            says: [
                "group: instanceRefresh is not set, must be given, so that a change reaches instances",
            ],
        },
        "a refresh that stays where it fails": {
            change: (s) => s.set("group", "instanceRefresh.preferences", undefined),
            says: ["group: instanceRefresh.preferences.autoRollback is not set, must be true"],
        },
        "rollback not known yet": {
            change: (s) => s.set("group", "instanceRefresh.preferences.autoRollback", UNKNOWN),
            unknown: ["instanceRefresh.preferences.autoRollback"],
        },
    },
    "logcaster-refresh-name-image-by-id": {
        "an image by parameter": {
            change: (s) => s.set("template", "imageId", "resolve:ssm:/images/latest"),
            says: [
                "template: imageId is resolve:ssm:/images/latest, must be an image id, or a refresh cannot roll back",
            ],
        },
        "an image not known yet is an output, hence an id": {
            change: (s) => s.set("template", "imageId", UNKNOWN),
        },
    },
    "logcaster-instance-require-imdsv2": {
        "optional tokens": {
            change: (s) => s.set("template", "metadataOptions.httpTokens", "optional"),
            says: ["template: metadataOptions.httpTokens is optional, must be required"],
        },
        "an instance that says nothing": {
            change: (s) => s.add(INSTANCE, "instance", {}),
            says: ["instance: metadataOptions.httpTokens is not set, must be required"],
        },
        "no metadata at all": {
            change: (s) => s.set("template", "metadataOptions", { httpEndpoint: "disabled" }),
        },
        "tokens not known yet": {
            change: (s) => s.set("template", "metadataOptions.httpTokens", UNKNOWN),
            unknown: ["metadataOptions.httpTokens"],
        },
    },
    "logcaster-instance-limit-metadata-hops": {
        "two hops": {
            change: (s) => s.set("template", "metadataOptions.httpPutResponseHopLimit", 2),
            says: ["template: metadataOptions.httpPutResponseHopLimit is 2, limit 1 (maxHops)"],
        },
        "two hops where pods need them": {
            change: (s) => s.set("template", "metadataOptions.httpPutResponseHopLimit", 2),
            config: { maxHops: 2 },
        },
        "hops not known yet": {
            change: (s) => s.set("template", "metadataOptions.httpPutResponseHopLimit", UNKNOWN),
            unknown: ["metadataOptions.httpPutResponseHopLimit"],
        },
    },
    "logcaster-instance-encrypt-volumes": {
        "a plain volume": {
            change: (s) => s.set("template", "blockDeviceMappings.0.ebs.encrypted", "false"),
            says: ["template: /dev/xvda's encrypted is false, must be true"],
        },
        "no volume named": {
            change: (s) =>
                s.set("template", "blockDeviceMappings", [{ virtualName: "ephemeral0" }]),
            says: [
                "template: blockDeviceMappings name no volume, so the image decides whether it is encrypted",
            ],
        },
        "an instance's volumes": {
            change: (s) =>
                s.add(INSTANCE, "instance", {
                    rootBlockDevice: { encrypted: true },
                    ebsBlockDevices: [{ deviceName: "/dev/sdb" }],
                }),
            says: ["instance: /dev/sdb's encrypted is not set, must be true"],
        },
        "an instance's root": {
            change: (s) => s.add(INSTANCE, "instance", {}),
            says: ["instance: rootBlockDevice.encrypted is not set, must be true"],
        },
        "a volume of its own": {
            change: (s) => s.add("aws:ebs/volume:Volume", "volume", { encrypted: false }),
            says: ["volume: encrypted is false, must be true"],
        },
        "encryption not known yet": {
            change: (s) => s.set("template", "blockDeviceMappings.0.ebs.encrypted", UNKNOWN),
            unknown: ["blockDeviceMappings.0.ebs.encrypted"],
        },
    },
    "logcaster-instance-keep-secrets-out-of-user-data": {
        "a password in base64": {
            change: (s) =>
                s.set(
                    "template",
                    "userData",
                    base64("#!/bin/sh\nexport DB_PASSWORD=hunter2hunter2\n"),
                ),
            says: ["template: line 2 of the user data looks like a password"],
        },
        "an access key as it is": {
            change: (s) =>
                s.add(INSTANCE, "instance", { userData: "#!/bin/sh\nkey AKIAIOSFODNN7EXAMPLE\n" }),
            says: ["instance: line 2 of the user data looks like an AWS access key id"],
        },
        "a private key": {
            change: (s) =>
                s.set("template", "userData", base64("x\n\n-----BEGIN RSA PRIVATE KEY-----\n")),
            says: ["template: line 3 of the user data looks like a private key"],
        },
        "a URL with a password": {
            change: (s) =>
                s.set("template", "userData", base64("curl redis://user:pass@host:6379\n")),
            says: ["template: line 1 of the user data looks like a URL with a password"],
        },
        "where to fetch a secret": {
            change: (s) =>
                s.set(
                    "template",
                    "userData",
                    base64(
                        [
                            "PASSWORD=$(aws secretsmanager get-secret-value)",
                            'password: "${REDIS_PASSWORD}"',
                            "curl -X PUT http://169.254.169.254/latest/api/token",
                        ].join("\n"),
                    ),
                ),
        },
        "user data not known yet": {
            change: (s) => s.set("template", "userData", UNKNOWN),
            unknown: ["userData"],
        },
    },
    "logcaster-instance-stay-private": {
        "a template's public card": {
            change: (s) =>
                s.set("template", "networkInterfaces.0.associatePublicIpAddress", "true"),
            says: ["template: networkInterfaces' associatePublicIpAddress is true, must be false"],
        },
        "a public instance": {
            change: (s) => s.add(INSTANCE, "instance", { associatePublicIpAddress: true }),
            says: ["instance: associatePublicIpAddress is true, must be false"],
        },
        "an address not known yet": {
            change: (s) =>
                s.set("template", "networkInterfaces.0.associatePublicIpAddress", UNKNOWN),
            unknown: ["networkInterfaces.0.associatePublicIpAddress"],
        },
    },
    "logcaster-instance-monitor-in-detail": {
        "a template without monitoring": {
            change: (s) => s.set("template", "monitoring", undefined),
            says: ["template: monitoring is not set, must be true"],
        },
        "an instance without monitoring": {
            change: (s) => s.add(INSTANCE, "instance", { monitoring: false }),
            says: ["instance: monitoring is false, must be true"],
        },
        "a launch configuration, monitored by default": {
            change: (s) => s.add(CONFIGURATION, "old", {}),
        },
        "a launch configuration that switches it off": {
            change: (s) => s.add(CONFIGURATION, "old", { enableMonitoring: false }),
            says: ["old: enableMonitoring is false, must be true"],
        },
        "monitoring not known yet": {
            change: (s) => s.set("template", "monitoring.enabled", UNKNOWN),
            unknown: ["monitoring.enabled"],
        },
    },
};
