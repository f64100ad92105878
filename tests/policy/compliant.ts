/** A stack that every policy accepts. Types are the providers' own, so that a rule's property names are real ones. */
import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as elasticache from "@pulumi/aws/elasticache";
import type * as elb from "@pulumi/aws/elb";
import type * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import type * as lb from "@pulumi/aws/lb";
import type * as route53 from "@pulumi/aws/route53";
import type * as s3 from "@pulumi/aws/s3";
import type * as secretsmanager from "@pulumi/aws/secretsmanager";
import type * as vpc from "@pulumi/aws/vpc";
import type * as wafv2 from "@pulumi/aws/wafv2";
import type { Unwrap } from "@pulumi/pulumi";
import { TestStack, UNKNOWN } from "./stack";

/** What a property of the stack is given: plain values, UNKNOWN among them. */
function of<Args>(props: Unwrap<Args>): object {
    return props as object;
}

export function compliantStack(): TestStack {
    const stack = new TestStack();
    network(stack);
    fleet(stack);
    nodes(stack);
    balancers(stack);
    redis(stack);
    dns(stack);
    data(stack);
    return stack;
}

function network(stack: TestStack): void {
    stack
        .add("aws:ec2/vpc:Vpc", "vpc", of<ec2.VpcArgs>({ cidrBlock: "10.0.0.0/16" }))
        .add("aws:ec2/flowLog:FlowLog", "flow-log", of<ec2.FlowLogArgs>({ vpcId: UNKNOWN }), {
            vpcId: ["vpc"],
        })
        .add(
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "default-group",
            of<ec2.DefaultSecurityGroupArgs>({ vpcId: UNKNOWN }),
            { vpcId: ["vpc"] },
        );
    for (const zone of ["a", "b"]) {
        stack.add(
            "aws:ec2/subnet:Subnet",
            `subnet-${zone}`,
            of<ec2.SubnetArgs>({ vpcId: UNKNOWN, mapPublicIpOnLaunch: false }),
            { vpcId: ["vpc"] },
        );
    }
    const rule = { securityGroupId: UNKNOWN, ipProtocol: "tcp", fromPort: 9999, toPort: 9999 };
    stack
        .add(
            "aws:ec2/securityGroup:SecurityGroup",
            "separate-group",
            of<ec2.SecurityGroupArgs>({ vpcId: UNKNOWN, description: "Front door" }),
            { vpcId: ["vpc"] },
        )
        .add(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "ingress",
            of<vpc.SecurityGroupIngressRuleArgs>({
                ...rule,
                description: "Line protocol",
                cidrIpv4: "203.0.113.0/24",
            }),
            { securityGroupId: ["separate-group"] },
        )
        .add(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "egress",
            of<vpc.SecurityGroupEgressRuleArgs>({
                ...rule,
                description: "Line protocol",
                cidrIpv4: "10.0.0.0/16",
            }),
            { securityGroupId: ["separate-group"] },
        )
        .add(
            "aws:ec2/securityGroup:SecurityGroup",
            "inline-group",
            of<ec2.SecurityGroupArgs>({
                description: "Inline",
                ingress: [
                    {
                        description: "HTTP",
                        protocol: "tcp",
                        fromPort: 80,
                        toPort: 80,
                        cidrBlocks: ["10.0.0.0/16"],
                    },
                ],
            }),
        )
        .add(
            "aws:ec2/securityGroup:SecurityGroup",
            "older-group",
            of<ec2.SecurityGroupArgs>({ description: "With rules of the older kind" }),
        )
        .add(
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            "older-rule",
            of<ec2.SecurityGroupRuleArgs>({
                type: "egress",
                description: "HTTPS",
                protocol: "tcp",
                fromPort: 443,
                toPort: 443,
                cidrBlocks: ["0.0.0.0/0"],
                securityGroupId: UNKNOWN,
            }),
            { securityGroupId: ["older-group"] },
        );
}

function fleet(stack: TestStack): void {
    stack
        .add(
            "aws:ec2/launchTemplate:LaunchTemplate",
            "template",
            of<ec2.LaunchTemplateArgs>({
                imageId: "ami-0123456789abcdef0",
                metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
                monitoring: { enabled: true },
                blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
                networkInterfaces: [{ associatePublicIpAddress: "false" }],
                userData: Buffer.from("#cloud-config\nruncmd: [start]\n").toString("base64"),
            }),
        )
        .add(
            "aws:autoscaling/group:Group",
            "group",
            of<autoscaling.GroupArgs>({
                minSize: 3,
                maxSize: 20,
                desiredCapacity: 5,
                defaultInstanceWarmup: 180,
                healthCheckType: "ELB",
                healthCheckGracePeriod: 240,
                vpcZoneIdentifiers: [UNKNOWN, UNKNOWN],
                targetGroupArns: [UNKNOWN],
                capacityRebalance: true,
                tags: [{ key: "Name", value: "fleet", propagateAtLaunch: true }],
                mixedInstancesPolicy: {
                    instancesDistribution: {
                        onDemandBaseCapacity: 2,
                        onDemandPercentageAboveBaseCapacity: 30,
                        spotAllocationStrategy: "price-capacity-optimized",
                    },
                    launchTemplate: {
                        launchTemplateSpecification: {
                            launchTemplateId: UNKNOWN,
                            version: UNKNOWN,
                        },
                        overrides: [
                            { instanceType: "m7i.xlarge" },
                            { instanceType: "m7a.xlarge" },
                            { instanceType: "m6i.xlarge" },
                        ],
                    },
                },
                instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } },
            }),
            {
                vpcZoneIdentifiers: ["subnet-a", "subnet-b"],
                targetGroupArns: ["targets"],
                mixedInstancesPolicy: ["template"],
            },
        );
    const groupName = { autoscalingGroupName: UNKNOWN };
    const toGroup = { autoscalingGroupName: ["group"] };
    stack
        .add(
            "aws:autoscaling/lifecycleHook:LifecycleHook",
            "drain-hook",
            of<autoscaling.LifecycleHookArgs>({
                ...groupName,
                lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
                heartbeatTimeout: 420,
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "cpu",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "TargetTrackingScaling",
                targetTrackingConfiguration: {
                    targetValue: 70,
                    disableScaleIn: true,
                    predefinedMetricSpecification: {
                        predefinedMetricType: "ASGAverageCPUUtilization",
                    },
                },
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "memory",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "TargetTrackingScaling",
                targetTrackingConfiguration: {
                    targetValue: 80,
                    disableScaleIn: true,
                    customizedMetricSpecification: {
                        metrics: [
                            {
                                id: "m",
                                metricStat: {
                                    metric: {
                                        metricName: "mem_used_percent",
                                        namespace: "CWAgent",
                                    },
                                    stat: "Average",
                                },
                            },
                        ],
                    },
                },
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "step-in",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "StepScaling",
                adjustmentType: "ChangeInCapacity",
                stepAdjustments: [
                    {
                        metricIntervalLowerBound: "-200",
                        metricIntervalUpperBound: "0",
                        scalingAdjustment: -1,
                    },
                    { metricIntervalUpperBound: "-200", scalingAdjustment: -2 },
                ],
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "forecast",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "PredictiveScaling",
                predictiveScalingConfiguration: {
                    mode: "ForecastAndScale",
                    schedulingBufferTime: "300",
                    maxCapacityBreachBehavior: "HonorMaxCapacity",
                    metricSpecification: { targetValue: 70 },
                },
            }),
            toGroup,
        )
        .add(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "quiet",
            of<cloudwatch.MetricAlarmArgs>({
                comparisonOperator: "LessThanThreshold",
                evaluationPeriods: 5,
                alarmActions: [UNKNOWN],
                treatMissingData: "notBreaching",
            }),
            { alarmActions: ["step-in"] },
        )
        .add(
            "aws:autoscaling/schedule:Schedule",
            "morning",
            of<autoscaling.ScheduleArgs>({
                ...groupName,
                scheduledActionName: "morning",
                recurrence: "0 9 * * *",
                timeZone: "Asia/Tokyo",
                minSize: 10,
                maxSize: -1,
                desiredCapacity: -1,
            }),
            toGroup,
        );
    const events = {
        groupNames: [UNKNOWN],
        topicArn: UNKNOWN,
        notifications: [
            "autoscaling:EC2_INSTANCE_LAUNCH",
            "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
            "autoscaling:EC2_INSTANCE_TERMINATE",
            "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
        ],
    };
    for (const group of ["group", "node-group"]) {
        stack.add("aws:autoscaling/notification:Notification", `events-of-${group}`, events, {
            groupNames: [group],
        });
    }
}

function nodes(stack: TestStack): void {
    stack.add(
        "aws:autoscaling/group:Group",
        "node-group",
        of<autoscaling.GroupArgs>({
            minSize: 3,
            maxSize: 20,
            healthCheckType: "EC2",
            vpcZoneIdentifiers: [UNKNOWN, UNKNOWN],
            suspendedProcesses: ["AZRebalance"],
            tags: [
                {
                    key: "k8s.io/cluster-autoscaler/enabled",
                    value: "true",
                    propagateAtLaunch: true,
                },
            ],
            mixedInstancesPolicy: {
                launchTemplate: {
                    launchTemplateSpecification: { launchTemplateId: UNKNOWN, version: "3" },
                    overrides: [{ instanceType: "m7i.xlarge" }, { instanceType: "m7a.xlarge" }],
                },
            },
            instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } },
        }),
        { vpcZoneIdentifiers: ["subnet-a", "subnet-b"], mixedInstancesPolicy: ["template"] },
    );
}

function balancers(stack: TestStack): void {
    const subnets = { subnets: ["subnet-a", "subnet-b"] };
    const common = {
        internal: true,
        subnets: [UNKNOWN, UNKNOWN],
        enableDeletionProtection: true,
        accessLogs: { bucket: UNKNOWN, enabled: true },
    };
    stack
        .add(
            "aws:lb/loadBalancer:LoadBalancer",
            "alb",
            of<lb.LoadBalancerArgs>({
                ...common,
                loadBalancerType: "application",
                dropInvalidHeaderFields: true,
                desyncMitigationMode: "strictest",
                region: "us-east-1",
            }),
            subnets,
        )
        .add(
            "aws:lb/loadBalancer:LoadBalancer",
            "nlb",
            of<lb.LoadBalancerArgs>({
                ...common,
                loadBalancerType: "network",
                enableCrossZoneLoadBalancing: true,
                region: "us-east-1",
            }),
            subnets,
        )
        .add(
            "aws:alb/loadBalancer:LoadBalancer",
            "nlb-elsewhere",
            of<lb.LoadBalancerArgs>({
                ...common,
                loadBalancerType: "network",
                enableCrossZoneLoadBalancing: true,
                region: "eu-west-1",
            }),
            subnets,
        )
        .add(
            "aws:elb/loadBalancer:LoadBalancer",
            "classic",
            of<elb.LoadBalancerArgs>({
                internal: true,
                availabilityZones: ["us-east-1a", "us-east-1b"],
                accessLogs: { bucket: UNKNOWN },
                listeners: [
                    {
                        instancePort: 80,
                        instanceProtocol: "http",
                        lbPort: 443,
                        lbProtocol: "https",
                    },
                ],
            }),
        )
        .add(
            "aws:wafv2/webAclAssociation:WebAclAssociation",
            "firewall",
            of<wafv2.WebAclAssociationArgs>({ resourceArn: UNKNOWN, webAclArn: UNKNOWN }),
            { resourceArn: ["alb"] },
        )
        .add(
            "aws:lb/targetGroup:TargetGroup",
            "targets",
            of<lb.TargetGroupArgs>({
                targetType: "instance",
                deregistrationDelay: 300,
                healthCheck: { enabled: true, interval: 5 },
            }),
        )
        .add(
            "aws:lb/listener:Listener",
            "https",
            of<lb.ListenerArgs>({
                loadBalancerArn: UNKNOWN,
                port: 443,
                protocol: "HTTPS",
                sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
                defaultActions: [{ type: "forward", targetGroupArn: UNKNOWN }],
            }),
            { loadBalancerArn: ["alb"] },
        )
        .add(
            "aws:lb/listener:Listener",
            "http",
            of<lb.ListenerArgs>({
                loadBalancerArn: UNKNOWN,
                port: 80,
                protocol: "HTTP",
                defaultActions: [
                    { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } },
                ],
            }),
            { loadBalancerArn: ["alb"] },
        );
}

function redis(stack: TestStack): void {
    stack
        .add(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "store",
            of<elasticache.ReplicationGroupArgs>({
                description: "store",
                engine: "valkey",
                numNodeGroups: 4,
                replicasPerNodeGroup: 2,
                automaticFailoverEnabled: true,
                multiAzEnabled: true,
                atRestEncryptionEnabled: true,
                transitEncryptionEnabled: true,
                kmsKeyId: UNKNOWN,
                userGroupIds: [UNKNOWN],
                snapshotRetentionLimit: 7,
                subnetGroupName: UNKNOWN,
                parameterGroupName: UNKNOWN,
                port: 6380,
                tags: { "logcaster:redis-role": "store" },
            }),
            { parameterGroupName: ["store-parameters"], subnetGroupName: ["redis-subnets"] },
        )
        .add(
            "aws:elasticache/parameterGroup:ParameterGroup",
            "store-parameters",
            of<elasticache.ParameterGroupArgs>({
                family: "valkey8",
                parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
            }),
        );
}

function dns(stack: TestStack): void {
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

const TLS_ONLY = JSON.stringify({
    Statement: [
        {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ],
});

function data(stack: TestStack): void {
    stack
        .add(
            "aws:cloudwatch/logGroup:LogGroup",
            "flow-log-group",
            of<cloudwatch.LogGroupArgs>({ retentionInDays: 365, kmsKeyId: UNKNOWN }),
        )
        .add("aws:s3/bucket:Bucket", "bucket", of<s3.BucketArgs>({}))
        .add(
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "bucket-closed",
            of<s3.BucketPublicAccessBlockArgs>({
                bucket: UNKNOWN,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "bucket-encrypted",
            of<s3.BucketServerSideEncryptionConfigurationArgs>({ bucket: UNKNOWN, rules: [] }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketVersioning:BucketVersioning",
            "bucket-versions",
            of<s3.BucketVersioningArgs>({
                bucket: UNKNOWN,
                versioningConfiguration: { status: "Enabled" },
            }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketPolicy:BucketPolicy",
            "bucket-policy",
            of<s3.BucketPolicyArgs>({ bucket: UNKNOWN, policy: TLS_ONLY }),
            { bucket: ["bucket"] },
        )
        .add("aws:kms/key:Key", "key", of<kms.KeyArgs>({ enableKeyRotation: true }))
        .add(
            "aws:iam/role:Role",
            "role",
            of<iam.RoleArgs>({ assumeRolePolicy: "{}", managedPolicyArns: [] }),
        )
        .add(
            "aws:iam/rolePolicy:RolePolicy",
            "role-policy",
            of<iam.RolePolicyArgs>({
                role: UNKNOWN,
                policy: JSON.stringify({
                    Statement: [
                        { Effect: "Allow", Action: "ec2:Describe*", Resource: "*" },
                        { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::logs/*" },
                        {
                            Effect: "Allow",
                            Action: "iam:PassRole",
                            Resource: "arn:aws:iam::1:role/a",
                        },
                        { Effect: "Deny", Action: "*", Resource: "*" },
                    ],
                }),
            }),
        )
        .add(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "attachment",
            of<iam.RolePolicyAttachmentArgs>({
                role: UNKNOWN,
                policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            }),
        )
        .add(
            "aws:secretsmanager/secret:Secret",
            "secret",
            of<secretsmanager.SecretArgs>({ kmsKeyId: UNKNOWN }),
        )
        .add(
            "aws:secretsmanager/secretRotation:SecretRotation",
            "rotation",
            of<secretsmanager.SecretRotationArgs>({ secretId: UNKNOWN, rotationRules: {} }),
            { secretId: ["secret"] },
        );
}
