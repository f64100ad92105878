import { hex } from "../model";
import {
    ACCOUNT,
    arn,
    globalArn,
    number,
    string,
    uuid,
    type Made,
    type Row,
    type Rows,
} from "./row";

/** A resource whose id is its name and whose ARN ends in it. */
function named(
    service: string,
    kind: string,
    maxLength: number,
    replaces: readonly string[] = [],
): Row {
    return {
        autoname: { property: "name", maxLength },
        replaces: ["name", "namePrefix", ...replaces],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: (made) => ({ arn: arn(service, made, `${kind}${made.name}`) }),
    };
}

/** Letters and digits as IAM's unique ids have them. */
function iamId(prefix: string): string {
    return `${prefix}${hex(17).toUpperCase()}`;
}

function path({ inputs }: Made): string {
    return string(inputs.path) || "/";
}

/** IAM, SSM, Secrets Manager, KMS, CloudWatch, SNS, SQS, EventBridge and Lambda. */
export const MANAGEMENT: Rows = {
    "aws:iam/role:Role": {
        autoname: { property: "name", maxLength: 64 },
        replaces: ["name", "namePrefix", "path"],
        unique: ["name"],
        defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: globalArn("iam", `role${path(made)}${made.name}`),
            uniqueId: iamId("AROA"),
            createDate: "2025-01-01T00:00:00Z",
            managedPolicyArns: [],
            inlinePolicies: [],
        }),
    },
    "aws:iam/policy:Policy": {
        autoname: { property: "name", maxLength: 128 },
        replaces: ["name", "namePrefix", "path", "description"],
        unique: ["name"],
        defaults: { path: "/" },
        id: (made) => globalArn("iam", `policy${path(made)}${made.name}`),
        outputs: ({ id }) => ({ arn: id, policyId: iamId("ANPA"), attachmentCount: 0 }),
    },
    "aws:iam/rolePolicy:RolePolicy": {
        autoname: { property: "name", maxLength: 128 },
        replaces: ["name", "namePrefix", "role"],
        unique: ["role", "name"],
        id: ({ inputs, name }) => `${string(inputs.role)}:${name}`,
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        replaces: ["role", "policyArn"],
        id: ({ inputs }) => `${string(inputs.role)}-${hex(26)}`,
    },
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": {
        replaces: ["roleName"],
        id: ({ inputs }) => string(inputs.roleName),
    },
    "aws:iam/instanceProfile:InstanceProfile": {
        autoname: { property: "name", maxLength: 128 },
        replaces: ["name", "namePrefix", "path"],
        unique: ["name"],
        defaults: { path: "/" },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: globalArn("iam", `instance-profile${path(made)}${made.name}`),
            uniqueId: iamId("AIPA"),
            createDate: "2025-01-01T00:00:00Z",
        }),
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        replaces: ["url"],
        unique: ["url"],
        id: ({ inputs }) =>
            globalArn("iam", `oidc-provider/${string(inputs.url).replace(/^https:\/\//, "")}`),
        outputs: ({ id }) => ({ arn: id, thumbprintLists: [hex(40)] }),
    },
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
        replaces: ["awsServiceName", "customSuffix"],
        id: ({ inputs }) =>
            globalArn(
                "iam",
                `role/aws-service-role/${string(inputs.awsServiceName)}/AWSServiceRole`,
            ),
        outputs: ({ id }) => ({ arn: id, uniqueId: iamId("AROA") }),
    },
    "aws:ssm/parameter:Parameter": {
        autoname: { property: "name", maxLength: 2048 },
        replaces: ["name"],
        replacesWhen: (before, after) =>
            before.tier === "Advanced" && after.tier !== "Advanced" ? ["tier"] : [],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("ssm", made, `parameter${made.name.startsWith("/") ? "" : "/"}${made.name}`),
            dataType: "text",
            tier: "Standard",
            version: 1,
        }),
        onUpdate: (_made, prior, found) => ({
            version:
                number(prior.version, 1) + (found.some(({ path: p }) => p[0] !== "tags") ? 1 : 0),
        }),
        unknownOnUpdate: () => ["version"],
    },
    "aws:secretsmanager/secret:Secret": {
        autoname: { property: "name", maxLength: 512 },
        replaces: ["name", "namePrefix"],
        unique: ["name"],
        defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
        id: (made) => arn("secretsmanager", made, `secret:${made.name}-${hex(6)}`),
        outputs: ({ id }) => ({ arn: id, replicas: [], policy: "" }),
    },
    "aws:secretsmanager/secretVersion:SecretVersion": {
        replaces: ["secretId", "secretBinary", "secretString"],
        id: ({ inputs }) => `${string(inputs.secretId)}|terraform-${hex(26)}`,
        outputs: ({ id, inputs }) => ({
            arn: string(inputs.secretId),
            secretArn: string(inputs.secretId),
            versionId: id.split("|").at(-1) ?? "",
            versionStages: ["AWSCURRENT"],
            hasSecretStringWo: false,
        }),
    },
    "aws:secretsmanager/secretPolicy:SecretPolicy": {
        replaces: ["secretArn"],
        id: ({ inputs }) => string(inputs.secretArn),
    },
    "aws:kms/key:Key": {
        replaces: [
            "customKeyStoreId",
            "customerMasterKeySpec",
            "keyUsage",
            "multiRegion",
            "xksKeyId",
        ],
        defaults: {
            bypassPolicyLockoutSafetyCheck: false,
            customerMasterKeySpec: "SYMMETRIC_DEFAULT",
            enableKeyRotation: false,
            isEnabled: true,
            keyUsage: "ENCRYPT_DECRYPT",
        },
        id: uuid,
        outputs: (made) => ({
            arn: arn("kms", made, `key/${made.id}`),
            keyId: made.id,
            description: "",
            multiRegion: false,
        }),
    },
    "aws:kms/alias:Alias": {
        autoname: { property: "name", maxLength: 256, prefix: "alias/" },
        replaces: ["name", "namePrefix"],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("kms", made, made.name),
            targetKeyArn: arn("kms", made, `key/${string(made.inputs.targetKeyId)}`),
        }),
    },
    "aws:kms/keyPolicy:KeyPolicy": {
        replaces: ["keyId"],
        id: ({ inputs }) => string(inputs.keyId),
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        ...named("cloudwatch", "alarm:", 255),
        replaces: ["name"],
        defaults: { actionsEnabled: true, treatMissingData: "missing" },
    },
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
        replaces: ["alarmName"],
        unique: ["alarmName"],
        defaults: { actionsEnabled: true },
        id: ({ inputs }) => string(inputs.alarmName),
        outputs: (made) => ({ arn: arn("cloudwatch", made, `alarm:${made.id}`) }),
    },
    "aws:cloudwatch/logGroup:LogGroup": {
        ...named("logs", "log-group:", 512),
        replaces: ["name", "namePrefix", "logGroupClass"],
        defaults: { retentionInDays: 0, skipDestroy: false },
    },
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
        replaces: ["policyName", "resourceArn"],
        id: ({ inputs }) => string(inputs.policyName),
    },
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": {
        autoname: { property: "name", maxLength: 60 },
        replaces: ["name", "logType", "resourceArn"],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("logs", made, `delivery-source:${made.name}`),
            service: string(made.inputs.resourceArn).split(":")[2] ?? "",
        }),
    },
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": {
        autoname: { property: "name", maxLength: 60 },
        replaces: ["name", "deliveryDestinationType"],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("logs", made, `delivery-destination:${made.name}`),
            deliveryDestinationType: "S3",
        }),
    },
    "aws:cloudwatch/logDelivery:LogDelivery": {
        replaces: ["deliverySourceName", "deliveryDestinationArn"],
        id: () => hex(16),
        outputs: (made) => ({ arn: arn("logs", made, `delivery:${made.id}`) }),
    },
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
        autoname: { property: "name", maxLength: 512 },
        replaces: ["name", "logGroupName"],
        id: ({ name }) => name,
    },
    "aws:cloudwatch/dashboard:Dashboard": {
        replaces: ["dashboardName"],
        unique: ["dashboardName"],
        id: ({ inputs }) => string(inputs.dashboardName),
        outputs: ({ id }) => ({ dashboardArn: globalArn("cloudwatch", `dashboard/${id}`) }),
    },
    "aws:cloudwatch/eventRule:EventRule": {
        ...named("events", "rule/", 64, ["eventBusName"]),
        defaults: { eventBusName: "default", forceDestroy: false },
    },
    "aws:cloudwatch/eventTarget:EventTarget": {
        replaces: ["eventBusName", "rule", "targetId"],
        defaults: { eventBusName: "default", forceDestroy: false },
        id: ({ inputs }) => `${string(inputs.rule)}-${string(inputs.targetId) || hex(26)}`,
        outputs: () => ({ targetId: `target-${hex(26)}` }),
    },
    "aws:sns/topic:Topic": {
        autoname: { property: "name", maxLength: 256, fifo: "fifoTopic" },
        replaces: ["name", "namePrefix", "fifoTopic"],
        unique: ["name"],
        defaults: { contentBasedDeduplication: false, fifoTopic: false },
        id: (made) => arn("sns", made, made.name),
        outputs: ({ id }) => ({ arn: id, owner: ACCOUNT, beginningArchiveTime: "", policy: "" }),
    },
    "aws:sns/topicPolicy:TopicPolicy": {
        replaces: ["arn"],
        id: ({ inputs }) => string(inputs.arn),
        outputs: () => ({ owner: ACCOUNT }),
    },
    "aws:sns/topicSubscription:TopicSubscription": {
        replaces: ["topic", "protocol", "endpoint"],
        defaults: {
            confirmationTimeoutInMinutes: 1,
            endpointAutoConfirms: false,
            rawMessageDelivery: false,
        },
        id: ({ inputs }) => `${string(inputs.topic)}:${uuid()}`,
        outputs: ({ id }) => ({
            arn: id,
            ownerId: ACCOUNT,
            confirmationWasAuthenticated: false,
            pendingConfirmation: true,
        }),
    },
    "aws:sqs/queue:Queue": {
        autoname: { property: "name", maxLength: 80, fifo: "fifoQueue" },
        replaces: ["name", "namePrefix", "fifoQueue"],
        unique: ["name"],
        id: (made) => `https://sqs.${made.region}.amazonaws.com/${ACCOUNT}/${made.name}`,
        outputs: (made) => ({ arn: arn("sqs", made, made.name), url: made.id }),
    },
    "aws:sqs/queuePolicy:QueuePolicy": {
        replaces: ["queueUrl"],
        id: ({ inputs }) => string(inputs.queueUrl),
    },
    "aws:lambda/function:Function": {
        autoname: { property: "name", maxLength: 64 },
        replaces: ["name", "packageType"],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("lambda", made, `function:${made.name}`),
            invokeArn: `arn:aws:apigateway:${made.region}:lambda:path/2015-03-31/functions/${arn("lambda", made, `function:${made.name}`)}/invocations`,
            version: "$LATEST",
        }),
    },
    "aws:lambda/permission:Permission": {
        replaces: [
            "action",
            "eventSourceToken",
            "function",
            "functionUrlAuthType",
            "principal",
            "principalOrgId",
            "qualifier",
            "sourceAccount",
            "sourceArn",
            "statementId",
            "statementIdPrefix",
        ],
        id: ({ inputs, logical }) => string(inputs.statementId) || `${logical}-${hex(7)}`,
    },
};
