// What stands for each Pulumi type in CloudFormation: L1 constructs with the properties that cdk-nag's rules read.
// Where CloudFormation has no resource of its own (bucket settings, random values, associations), a WaitConditionHandle, its cheapest
// resource, keeps the count the same: that favours the peer.
const ec2 = require("aws-cdk-lib/aws-ec2");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const asg = require("aws-cdk-lib/aws-autoscaling");
const cache = require("aws-cdk-lib/aws-elasticache");
const iam = require("aws-cdk-lib/aws-iam");
const kms = require("aws-cdk-lib/aws-kms");
const logs = require("aws-cdk-lib/aws-logs");
const backup = require("aws-cdk-lib/aws-backup");
const cloudfront = require("aws-cdk-lib/aws-cloudfront");
const wafv2 = require("aws-cdk-lib/aws-wafv2");
const rds = require("aws-cdk-lib/aws-rds");
const r53 = require("aws-cdk-lib/aws-route53");
const s3 = require("aws-cdk-lib/aws-s3");
const secrets = require("aws-cdk-lib/aws-secretsmanager");
const sns = require("aws-cdk-lib/aws-sns");
const ssm = require("aws-cdk-lib/aws-ssm");
const cloudwatch = require("aws-cdk-lib/aws-cloudwatch");
const budgets = require("aws-cdk-lib/aws-budgets");
const ce = require("aws-cdk-lib/aws-ce");
const events = require("aws-cdk-lib/aws-events");
const { CfnWaitConditionHandle } = require("aws-cdk-lib");

const policy = (actions, resources) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] });
const trust = (service) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }] });
const keyPolicy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", Principal: { AWS: "arn:aws:iam::111122223333:root" } }] };
const VPC = "vpc-0123456789abcdef0";
const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"];
const handle = (s, id) => new CfnWaitConditionHandle(s, id);

exports.TYPES = {
    "aws:autoscaling/group:Group": (s, id) =>
        new asg.CfnAutoScalingGroup(s, id, {
            minSize: "3", maxSize: "20", desiredCapacity: "5", vpcZoneIdentifier: SUBNETS, healthCheckType: "ELB", healthCheckGracePeriod: 240, cooldown: "300",
            notificationConfigurations: [{ topicArn: "arn:aws:sns:us-east-1:111122223333:scaling", notificationTypes: ["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "autoscaling:EC2_INSTANCE_TERMINATE", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"] }],
            mixedInstancesPolicy: {
                launchTemplate: { launchTemplateSpecification: { launchTemplateId: "lt-0123456789abcdef0", version: "1" }, overrides: ["m7i.xlarge", "m7a.xlarge", "m6i.xlarge", "m6a.xlarge"].map((instanceType) => ({ instanceType })) },
                instancesDistribution: { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 30, spotAllocationStrategy: "price-capacity-optimized" },
            },
        }),
    "aws:autoscaling/lifecycleHook:LifecycleHook": (s, id) => new asg.CfnLifecycleHook(s, id, { autoScalingGroupName: "fleet", lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 420, defaultResult: "CONTINUE" }),
    "aws:autoscaling/notification:Notification": handle,
    "aws:autoscaling/policy:Policy": (s, id) => new asg.CfnScalingPolicy(s, id, { autoScalingGroupName: "fleet", policyType: "TargetTrackingScaling", targetTrackingConfiguration: { targetValue: 70, predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" } } }),
    "aws:autoscaling/schedule:Schedule": (s, id) => new asg.CfnScheduledAction(s, id, { autoScalingGroupName: "fleet", minSize: 10, recurrence: "0 9 * * *", timeZone: "Asia/Tokyo" }),
    "aws:backup/plan:Plan": (s, id) => new backup.CfnBackupPlan(s, id, { backupPlan: { backupPlanName: id, backupPlanRule: [{ ruleName: "daily", targetBackupVault: "vault", scheduleExpression: "cron(0 5 ? * * *)", lifecycle: { deleteAfterDays: 35 } }] } }),
    "aws:backup/selection:Selection": (s, id) => new backup.CfnBackupSelection(s, id, { backupPlanId: "1", backupSelection: { selectionName: id, iamRoleArn: "arn:aws:iam::111122223333:role/backup", resources: ["arn:aws:rds:us-east-1:111122223333:cluster:logcaster"] } }),
    "aws:backup/vault:Vault": (s, id) => new backup.CfnBackupVault(s, id, { backupVaultName: id, encryptionKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1" }),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": handle,
    "aws:budgets/budget:Budget": (s, id) => new budgets.CfnBudget(s, id, { budget: { budgetType: "COST", timeUnit: "MONTHLY", budgetLimit: { amount: 20000, unit: "USD" } } }),
    "aws:cloudfront/cachePolicy:CachePolicy": (s, id) => new cloudfront.CfnCachePolicy(s, id, { cachePolicyConfig: { name: id, minTtl: 0, defaultTtl: 60, maxTtl: 60, parametersInCacheKeyAndForwardedToOrigin: { enableAcceptEncodingGzip: true, cookiesConfig: { cookieBehavior: "none" }, headersConfig: { headerBehavior: "none" }, queryStringsConfig: { queryStringBehavior: "all" } } } }),
    "aws:cloudfront/distribution:Distribution": (s, id) => new cloudfront.CfnDistribution(s, id, { distributionConfig: { enabled: true, origins: [{ id: "regions", domainName: "http.logs.example.com", customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] } }], defaultCacheBehavior: { targetOriginId: "regions", viewerProtocolPolicy: "redirect-to-https", cachePolicyId: "1" }, viewerCertificate: { acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1", sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" }, webAclId: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/1" } }),
    "aws:cloudwatch/logDelivery:LogDelivery": (s, id) => new logs.CfnDelivery(s, id, { deliverySourceName: "edge", deliveryDestinationArn: "arn:aws:logs:us-east-1:111122223333:delivery-destination:edge" }),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": (s, id) => new logs.CfnDeliveryDestination(s, id, { name: id.slice(0, 60), destinationResourceArn: "arn:aws:s3:::edge-logs" }),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": (s, id) => new logs.CfnDeliverySource(s, id, { name: id.slice(0, 60), logType: "ACCESS_LOGS", resourceArn: "arn:aws:cloudfront::111122223333:distribution/E1" }),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (s, id) => new cloudwatch.CfnCompositeAlarm(s, id, { alarmRule: "ALARM(a) OR ALARM(b)", actionsEnabled: true, alarmActions: ["arn:aws:sns:us-east-1:111122223333:ops"] }),
    "aws:cloudwatch/dashboard:Dashboard": (s, id) => new cloudwatch.CfnDashboard(s, id, { dashboardBody: JSON.stringify({ widgets: [] }) }),
    "aws:cloudwatch/eventRule:EventRule": (s, id) => new events.CfnRule(s, id, { eventPattern: { source: ["aws.autoscaling"] }, targets: [] }),
    "aws:cloudwatch/eventTarget:EventTarget": handle,
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": (s, id) => new ce.CfnAnomalyMonitor(s, id, { monitorName: id, monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" }),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": (s, id) => new ce.CfnAnomalySubscription(s, id, { subscriptionName: id, frequency: "DAILY", monitorArnList: ["arn:aws:ce::111122223333:anomalymonitor/1"], subscribers: [{ address: "ops@example.com", type: "EMAIL" }], threshold: 100 }),
    "aws:cloudwatch/logGroup:LogGroup": (s, id) => new logs.CfnLogGroup(s, id, { retentionInDays: 365, kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/1" }),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": (s, id) => new logs.CfnResourcePolicy(s, id, { policyName: id, policyDocument: JSON.stringify(policy(["logs:PutLogEvents"], ["arn:aws:logs:us-east-1:111122223333:*"])) }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (s, id) => new cloudwatch.CfnAlarm(s, id, { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 3, threshold: 1200, metricName: "ActiveConnections", namespace: "LogCaster", period: 60, statistic: "Average", treatMissingData: "notBreaching", actionsEnabled: true, alarmActions: ["arn:aws:sns:us-east-1:111122223333:ops"] }),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": handle,
    "aws:ec2/eip:Eip": (s, id) => new ec2.CfnEIP(s, id, { domain: "vpc" }),
    "aws:ec2/flowLog:FlowLog": (s, id) => new ec2.CfnFlowLog(s, id, { resourceId: VPC, resourceType: "VPC", trafficType: "ALL", logGroupName: "flow", deliverLogsPermissionArn: "arn:aws:iam::111122223333:role/flow" }),
    "aws:ec2/internetGateway:InternetGateway": (s, id) => new ec2.CfnInternetGateway(s, id),
    "aws:ec2/launchTemplate:LaunchTemplate": (s, id) => new ec2.CfnLaunchTemplate(s, id, { launchTemplateData: { imageId: "ami-0123456789abcdef0", instanceType: "m7i.xlarge", monitoring: { enabled: true }, metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }, blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: true, volumeSize: 100, volumeType: "gp3", iops: 10000 } }] } }),
    "aws:ec2/natGateway:NatGateway": (s, id) => new ec2.CfnNatGateway(s, id, { subnetId: SUBNETS[0], allocationId: "eipalloc-0123456789abcdef0" }),
    "aws:ec2/route:Route": (s, id) => new ec2.CfnRoute(s, id, { routeTableId: "rtb-0123456789abcdef0", destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-0123456789abcdef0" }),
    "aws:ec2/routeTable:RouteTable": (s, id) => new ec2.CfnRouteTable(s, id, { vpcId: VPC }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (s, id) => new ec2.CfnSubnetRouteTableAssociation(s, id, { routeTableId: "rtb-0123456789abcdef0", subnetId: SUBNETS[0] }),
    "aws:ec2/securityGroup:SecurityGroup": (s, id) => new ec2.CfnSecurityGroup(s, id, { groupDescription: "front door", vpcId: VPC }),
    "aws:ec2/subnet:Subnet": (s, id, { i }) => new ec2.CfnSubnet(s, id, { vpcId: VPC, cidrBlock: `10.0.${i}.0/24`, mapPublicIpOnLaunch: false }),
    "aws:ec2/vpc:Vpc": (s, id) => new ec2.CfnVPC(s, id, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: true }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (s, id, { region }) => new ec2.CfnVPCEndpoint(s, id, { vpcId: VPC, serviceName: `com.amazonaws.${region}.s3`, vpcEndpointType: "Gateway" }),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (s, id) => new cache.CfnGlobalReplicationGroup(s, id, { globalReplicationGroupIdSuffix: id.slice(0, 40), members: [{ replicationGroupId: "shared", replicationGroupRegion: "us-east-1", role: "PRIMARY" }] }),
    "aws:elasticache/parameterGroup:ParameterGroup": (s, id) => new cache.CfnParameterGroup(s, id, { cacheParameterGroupFamily: "valkey8", description: id, properties: { "cluster-enabled": "yes", "maxmemory-policy": "noeviction" } }),
    "aws:elasticache/replicationGroup:ReplicationGroup": (s, id) => new cache.CfnReplicationGroup(s, id, { replicationGroupDescription: id, engine: "valkey", cacheNodeType: "cache.r7g.large", numNodeGroups: 4, replicasPerNodeGroup: 2, automaticFailoverEnabled: true, multiAzEnabled: true, atRestEncryptionEnabled: true, transitEncryptionEnabled: true, userGroupIds: ["users"], port: 6379, snapshotRetentionLimit: 7 }),
    "aws:elasticache/subnetGroup:SubnetGroup": (s, id) => new cache.CfnSubnetGroup(s, id, { description: id, subnetIds: SUBNETS }),
    "aws:elasticache/user:User": (s, id) => new cache.CfnUser(s, id, { engine: "valkey", userId: id.toLowerCase(), userName: id, accessString: "on ~* +@all" }),
    "aws:elasticache/userGroup:UserGroup": (s, id) => new cache.CfnUserGroup(s, id, { engine: "valkey", userGroupId: id.toLowerCase(), userIds: ["a", "b"] }),
    "aws:iam/instanceProfile:InstanceProfile": (s, id) => new iam.CfnInstanceProfile(s, id, { roles: ["fleet"] }),
    "aws:iam/role:Role": (s, id) => new iam.CfnRole(s, id, { assumeRolePolicyDocument: trust("ec2.amazonaws.com") }),
    "aws:iam/rolePolicy:RolePolicy": (s, id) => new iam.CfnPolicy(s, id, { policyName: id, roles: ["fleet"], policyDocument: policy(["ssm:GetParameter"], ["arn:aws:ssm:us-east-1:111122223333:parameter/logcaster/runtime"]) }),
    "aws:kms/alias:Alias": (s, id) => new kms.CfnAlias(s, id, { aliasName: `alias/${id}`, targetKeyId: "1" }),
    "aws:kms/key:Key": (s, id) => new kms.CfnKey(s, id, { enableKeyRotation: true, keyPolicy }),
    "aws:kms/keyPolicy:KeyPolicy": handle,
    "aws:lb/listener:Listener": (s, id) => new elb.CfnListener(s, id, { loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/l/1", port: 9999, protocol: "TCP", defaultActions: [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/t/1" }] }),
    "aws:lb/loadBalancer:LoadBalancer": (s, id, { i }) => new elb.CfnLoadBalancer(s, id, { type: i % 2 === 0 ? "network" : "application", scheme: "internet-facing", subnets: SUBNETS, loadBalancerAttributes: [{ key: "access_logs.s3.enabled", value: "true" }, { key: "deletion_protection.enabled", value: "true" }] }),
    "aws:lb/targetGroup:TargetGroup": (s, id) => new elb.CfnTargetGroup(s, id, { port: 9999, protocol: "TCP", vpcId: VPC, healthCheckIntervalSeconds: 5, healthCheckPath: "/health", healthCheckPort: "8404", healthCheckProtocol: "HTTP" }),
    "aws:appautoscaling/policy:Policy": handle,
    "aws:appautoscaling/target:Target": handle,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": handle,
    "aws:rds/cluster:Cluster": (s, id) => new rds.CfnDBCluster(s, id, { engine: "aurora-postgresql", engineVersion: "16.6", storageEncrypted: true, deletionProtection: true, enableIamDatabaseAuthentication: true, backupRetentionPeriod: 7, port: 5432, copyTagsToSnapshot: true, enableCloudwatchLogsExports: ["postgresql"] }),
    "aws:rds/clusterInstance:ClusterInstance": (s, id) => new rds.CfnDBInstance(s, id, { engine: "aurora-postgresql", dbInstanceClass: "db.r7g.large", publiclyAccessible: false, monitoringInterval: 60, autoMinorVersionUpgrade: false }),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": (s, id) => new rds.CfnDBClusterParameterGroup(s, id, { family: "aurora-postgresql16", description: id, parameters: { "rds.force_ssl": "1" } }),
    "aws:rds/globalCluster:GlobalCluster": (s, id) => new rds.CfnGlobalCluster(s, id, { globalClusterIdentifier: id.toLowerCase(), engine: "aurora-postgresql", storageEncrypted: true, deletionProtection: true }),
    "aws:rds/subnetGroup:SubnetGroup": (s, id) => new rds.CfnDBSubnetGroup(s, id, { dbSubnetGroupDescription: id, subnetIds: SUBNETS }),
    "aws:route53/healthCheck:HealthCheck": (s, id) => new r53.CfnHealthCheck(s, id, { healthCheckConfig: { type: "TCP", port: 9999, fullyQualifiedDomainName: "nlb.example.com", requestInterval: 10, failureThreshold: 3 } }),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": (s, id) => new r53.CfnDNSSEC(s, id, { hostedZoneId: "Z0123456789" }),
    "aws:route53/keySigningKey:KeySigningKey": (s, id) => new r53.CfnKeySigningKey(s, id, { hostedZoneId: "Z0123456789", keyManagementServiceArn: "arn:aws:kms:us-east-1:111122223333:key/1", name: "dnssec", status: "ACTIVE" }),
    "aws:route53/queryLog:QueryLog": handle,
    "aws:route53/record:Record": (s, id, { i }) => new r53.CfnRecordSet(s, id, { name: `logs${i}.example.com`, type: "A", hostedZoneId: "Z0123456789", setIdentifier: String(i), geoLocation: { continentCode: "EU" }, aliasTarget: { dnsName: "nlb.example.com", hostedZoneId: "Z26RNL4JYFTOTI", evaluateTargetHealth: true } }),
    "aws:route53/zone:Zone": (s, id) => new r53.CfnHostedZone(s, id, { name: "example.com", queryLoggingConfig: { cloudWatchLogsLogGroupArn: "arn:aws:logs:us-east-1:111122223333:log-group:q" } }),
    "aws:s3/bucket:Bucket": (s, id) =>
        new s3.CfnBucket(s, id, {
            bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
            publicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
            versioningConfiguration: { status: "Enabled" },
        }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": handle,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": handle,
    "aws:s3/bucketPolicy:BucketPolicy": (s, id, { i }) => new s3.CfnBucketPolicy(s, id, { bucket: `Bucket${i}`, policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }] } }),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": handle,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": handle,
    "aws:s3/bucketVersioning:BucketVersioning": handle,
    "aws:secretsmanager/secret:Secret": (s, id) => new secrets.CfnSecret(s, id, { kmsKeyId: "1", generateSecretString: {} }),
    "aws:secretsmanager/secretVersion:SecretVersion": handle,
    "aws:sns/topic:Topic": (s, id) => new sns.CfnTopic(s, id, { kmsMasterKeyId: "1" }),
    "aws:sns/topicPolicy:TopicPolicy": (s, id) => new sns.CfnTopicPolicy(s, id, { topics: ["arn:aws:sns:us-east-1:111122223333:scaling"], policyDocument: policy(["sns:Publish"], ["*"]) }),
    "aws:sns/topicSubscription:TopicSubscription": (s, id) => new sns.CfnSubscription(s, id, { topicArn: "arn:aws:sns:us-east-1:111122223333:ops", protocol: "email", endpoint: "ops@example.com" }),
    "aws:ssm/parameter:Parameter": (s, id) => new ssm.CfnParameter(s, id, { type: "String", value: "{}" }),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (s, id) => new ec2.CfnSecurityGroupEgress(s, id, { groupId: "sg-0123456789abcdef0", ipProtocol: "tcp", fromPort: 9999, toPort: 9999, cidrIp: "10.0.0.0/16", description: "to instances" }),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (s, id) => new ec2.CfnSecurityGroupIngress(s, id, { groupId: "sg-0123456789abcdef0", ipProtocol: "tcp", fromPort: 9999, toPort: 9999, cidrIp: "0.0.0.0/0", description: "front door" }),
    "aws:wafv2/webAcl:WebAcl": (s, id) => new wafv2.CfnWebACL(s, id, { scope: "CLOUDFRONT", defaultAction: { allow: {} }, visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: id, sampledRequestsEnabled: true } }),
    "random:index/randomId:RandomId": handle,
    "random:index/randomPassword:RandomPassword": handle,
};
