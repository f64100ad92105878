import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../arn";
import { encryptedLogGroup } from "../encrypted-log-group";
import { NETWORK_DEFAULTS } from "./defaults";

/** Writes every flow of the VPC, accepted and rejected, to a log group of its own. */
export function writeFlowLogs(
    name: string,
    parent: pulumi.Resource,
    vpcId: pulumi.Output<string>,
    args: { region: string; days: number; protect: boolean; tags: Record<string, string> },
): void {
    const { region, protect, tags } = args;
    const group = encryptedLogGroup(`${name}-flow-logs`, parent, {
        region,
        what: `the flow logs of ${name}`,
        retentionInDays: args.days,
        protect,
        tags,
    });
    const role = new iam.Role(
        `${name}-flow-logs`,
        {
            description: "Lets VPC flow logs write to their log group",
            assumeRolePolicy: group.arn.apply(trustFlowLogs),
            tags: { ...tags, Name: `${name}-flow-logs` },
        },
        { parent },
    );
    const policy = new iam.RolePolicy(
        `${name}-flow-logs`,
        { role: role.name, policy: group.arn.apply(writeTo) },
        { parent },
    );
    new ec2.FlowLog(
        `${name}-flow-logs`,
        {
            region,
            vpcId,
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination: group.arn,
            iamRoleArn: role.arn,
            maxAggregationInterval: NETWORK_DEFAULTS.flowLogAggregationSeconds,
            tags: { ...tags, Name: `${name}-flow-logs` },
        },
        { parent, dependsOn: policy },
    );
}

/** Only for flow logs of this account, so that nobody else's can be pointed at the role. */
function trustFlowLogs(logGroupArn: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": accountOf(logGroupArn) } },
            },
        ],
    });
}

function writeTo(logGroupArn: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Action: [
                    "logs:CreateLogStream",
                    "logs:DescribeLogGroups",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                Resource: [logGroupArn, `${logGroupArn}:*`],
            },
        ],
    });
}
