/** What an instance may do, as policy statements: pure, from plain values. */
import { partitionOf } from "../arn";
import { trustService } from "../trust";
import { METRIC_NAMESPACE } from "./defaults";

export interface Statement {
    Sid: string;
    Effect: "Allow";
    Action: string[];
    Resource: string | string[];
    Condition?: Record<string, Record<string, string>>;
}

export interface Permissions {
    region: string;
    groupName: string;
    image: string;
    parameterArns: string[];
    secretArns: string[];
    /** A proxy looks for its backends. */
    isProxy?: boolean;
}

/** The least a service instance needs: its metrics, its own drain hook, its image and its runtime configuration. */
export function instancePolicy({
    region,
    groupName,
    image,
    parameterArns,
    secretArns,
    isProxy = false,
}: Permissions): string {
    const partition = partitionOf(region);
    const statements: Statement[] = [
        {
            Sid: "Metrics",
            Effect: "Allow",
            Action: ["cloudwatch:PutMetricData"],
            Resource: "*", // the action knows no resources; the namespace bounds it
            Condition: { StringEquals: { "cloudwatch:namespace": METRIC_NAMESPACE } },
        },
        {
            Sid: "OwnDrainHook",
            Effect: "Allow",
            Action: ["autoscaling:CompleteLifecycleAction"],
            Resource: `arn:${partition}:autoscaling:${region}:*:autoScalingGroup:*:autoScalingGroupName/${groupName}`,
        },
        ...(isProxy ? [DISCOVERY] : []),
        ...imagePull(image),
        ...read("RuntimeParameters", "ssm:GetParameter", parameterArns),
        ...read("RuntimeSecrets", "secretsmanager:GetSecretValue", secretArns),
    ];
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

const DISCOVERY: Statement = {
    Sid: "Discovery",
    Effect: "Allow",
    Action: ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances"],
    Resource: "*", // the actions know no resources
};

function read(Sid: string, action: string, arns: string[]): Statement[] {
    return arns.length > 0 ? [{ Sid, Effect: "Allow", Action: [action], Resource: arns }] : [];
}

/** Nothing for a registry that is not ECR. */
function imagePull(image: string): Statement[] {
    const ecr = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^@:]+)/.exec(image);
    if (!ecr) return [];
    const [, account, region = "", repository] = ecr;
    return [
        {
            Sid: "RegistryLogin",
            Effect: "Allow",
            Action: ["ecr:GetAuthorizationToken"],
            Resource: "*", // the action knows no resources
        },
        {
            Sid: "ImagePull",
            Effect: "Allow",
            Action: [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            Resource: `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${repository}`,
        },
    ];
}

/** Who wears the role: instances, and nobody else. */
export const ASSUME_ROLE_POLICY = trustService("ec2.amazonaws.com");
