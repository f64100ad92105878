import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { volumeOf } from "logcaster-model/instance-types";
import { renderNodeUserData, renderServiceUserData } from "logcaster-model/user-data";
import type { AutoscalingFleetArgs, NodeModeArgs } from "./args";
import { proxyUserData } from "./proxy";
import { DRAIN_HOOK, FLEET_DEFAULTS, HEALTH_PORT, METRIC_NAMESPACE } from "./defaults";

/** The launch template; each change is a new version, which the group's instance refresh rolls out. */
export function createTemplate(
    name: string,
    parent: pulumi.Resource,
    args: AutoscalingFleetArgs,
    on: { profileArn: pulumi.Input<string>; securityGroupIds: pulumi.Input<string>[] },
    tags: Record<string, string>,
): ec2.LaunchTemplate {
    const { volumeType = FLEET_DEFAULTS.volumeType, scaling } = args;
    const volume = volumeOf(scaling.tier, volumeType);
    return new ec2.LaunchTemplate(
        `${name}-template`,
        {
            region: args.region,
            description: `Instances of ${name}, tier ${scaling.tier}`,
            imageId: args.imageId,
            iamInstanceProfile: { arn: on.profileArn },
            instanceInitiatedShutdownBehavior: "terminate",
            monitoring: { enabled: true },
            metadataOptions: {
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
                instanceMetadataTags: "disabled",
            },
            networkInterfaces: [
                {
                    associatePublicIpAddress: "false",
                    deleteOnTermination: "true",
                    securityGroups: on.securityGroupIds,
                },
            ],
            blockDeviceMappings: [
                {
                    deviceName: args.rootDeviceName ?? FLEET_DEFAULTS.rootDeviceName,
                    ebs: {
                        encrypted: "true",
                        deleteOnTermination: "true",
                        volumeType: volume.type,
                        volumeSize: volume.sizeGiB,
                        iops: volume.iops,
                        throughput: volume.throughputMiBps,
                    },
                },
            ],
            userData: userData(name, args).apply((text) => Buffer.from(text).toString("base64")),
            // Instances get theirs from the group.
            tagSpecifications: ["volume", "network-interface"].map((resourceType) => ({
                resourceType,
                tags,
            })),
            tags,
        },
        { parent },
    );
}

function userData(name: string, args: AutoscalingFleetArgs): pulumi.Output<string> {
    if (args.nodeMode) return nodeUserData(args.nodeMode);
    if (args.proxy) return pulumi.output(proxyUserData(name, args, args.proxy));
    const { region, service, scaling, deregistrationDelaySeconds } = args;
    return pulumi.output(args.runtimeConfig?.parameterPath).apply((parameterPath) =>
        renderServiceUserData({
            region,
            groupName: name,
            hookName: DRAIN_HOOK,
            metricNamespace: METRIC_NAMESPACE,
            image: service.image,
            port: service.port,
            httpPort: service.httpPort,
            healthPort: HEALTH_PORT,
            drainSeconds: deregistrationDelaySeconds,
            hookSeconds: scaling.drainSeconds,
            parameterPath,
        }),
    );
}

function nodeUserData(node: NodeModeArgs): pulumi.Output<string> {
    const { clusterName, labels = {}, taints = [] } = node;
    return pulumi
        .all([node.apiServerEndpoint, node.certificateAuthority, node.serviceCidr])
        .apply(([apiServerEndpoint, certificateAuthority, serviceCidr]) =>
            renderNodeUserData({
                clusterName,
                apiServerEndpoint,
                certificateAuthority,
                serviceCidr,
                labels,
                taints: taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
            }),
        );
}
