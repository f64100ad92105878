import { LIMITS } from "logcaster-model/limits";
import { NatMode } from "./args";

export const NETWORK_DEFAULTS = Object.freeze({
    nat: NatMode.PerZone,
    interfaceEndpoints: false,
    flowLogDays: LIMITS["regions.region.flowLogDays"].value,
    protect: true,
    /** Time that a flow is collected before it is written, in seconds: 60 or 600; the longer one writes fewer entries. */
    flowLogAggregationSeconds: 600,
});

export const HTTPS_PORT = 443;

/** Everything that is not in the VPC. */
export const ANYWHERE = "0.0.0.0/0";

/**
 * What an instance talks to from its boot to its end, by the service's name in an endpoint; what for.
 * No KMS: Secrets Manager, SSM and EBS decrypt on their own side. S3, where ECR keeps image layers, has a gateway endpoint.
 */
export const BOOT_ENDPOINTS: Readonly<Record<string, string>> = Object.freeze({
    autoscaling: "completes the lifecycle hooks",
    ec2: "the CloudWatch agent reads its instance's tags",
    ec2messages: "Systems Manager, older agents",
    "ecr.api": "logs in to the image registry",
    "ecr.dkr": "pulls the image's manifest",
    logs: "writes logs",
    monitoring: "publishes memory and connections",
    secretsmanager: "fetches credentials",
    ssm: "fetches the runtime configuration",
    ssmmessages: "Session Manager, instead of an open SSH port",
});
