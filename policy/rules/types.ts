/** Type tokens of the resources that rules judge, with the older names of the same thing. */

export const GROUP = ["aws:autoscaling/group:Group"];
export const SCALING_POLICY = ["aws:autoscaling/policy:Policy"];
export const SCHEDULE = ["aws:autoscaling/schedule:Schedule"];
export const LIFECYCLE_HOOK = ["aws:autoscaling/lifecycleHook:LifecycleHook"];
export const NOTIFICATION = ["aws:autoscaling/notification:Notification"];
export const GROUP_ATTACHMENT = [
    "aws:autoscaling/attachment:Attachment",
    "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
];
export const METRIC_ALARM = ["aws:cloudwatch/metricAlarm:MetricAlarm"];
export const COMPOSITE_ALARM = ["aws:cloudwatch/compositeAlarm:CompositeAlarm"];
export const TOPIC = ["aws:sns/topic:Topic"];
export const TOPIC_POLICY = ["aws:sns/topicPolicy:TopicPolicy"];

export const BUDGET = ["aws:budgets/budget:Budget"];

export const LAUNCH_TEMPLATE = ["aws:ec2/launchTemplate:LaunchTemplate"];
export const LAUNCH_CONFIGURATION = ["aws:ec2/launchConfiguration:LaunchConfiguration"];
/** What says how an instance starts. */
export const INSTANCE_SOURCE = [
    ...LAUNCH_TEMPLATE,
    ...LAUNCH_CONFIGURATION,
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
];
export const VOLUME = ["aws:ebs/volume:Volume"];

/** Network, application and gateway load balancers. */
export const LOAD_BALANCER = [
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
    "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer",
    "aws:applicationloadbalancing/loadBalancer:LoadBalancer",
];
export const CLASSIC_LOAD_BALANCER = [
    "aws:elb/loadBalancer:LoadBalancer",
    "aws:elasticloadbalancing/loadBalancer:LoadBalancer",
];
export const LISTENER = [
    "aws:lb/listener:Listener",
    "aws:alb/listener:Listener",
    "aws:elasticloadbalancingv2/listener:Listener",
    "aws:applicationloadbalancing/listener:Listener",
];
export const TARGET_GROUP = [
    "aws:lb/targetGroup:TargetGroup",
    "aws:alb/targetGroup:TargetGroup",
    "aws:elasticloadbalancingv2/targetGroup:TargetGroup",
    "aws:applicationloadbalancing/targetGroup:TargetGroup",
];
export const WEB_ACL_ASSOCIATION = [
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "aws:wafregional/webAclAssociation:WebAclAssociation",
];

export const VPC = ["aws:ec2/vpc:Vpc"];
export const SUBNET = ["aws:ec2/subnet:Subnet"];
export const FLOW_LOG = ["aws:ec2/flowLog:FlowLog"];
export const DEFAULT_SECURITY_GROUP = ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
export const SECURITY_GROUP = ["aws:ec2/securityGroup:SecurityGroup"];
export const SECURITY_GROUP_INGRESS = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"];
export const SECURITY_GROUP_EGRESS = ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"];
export const SECURITY_GROUP_RULE = [
    ...SECURITY_GROUP_INGRESS,
    ...SECURITY_GROUP_EGRESS,
    "aws:ec2/securityGroupRule:SecurityGroupRule",
];

export const REPLICATION_GROUP = ["aws:elasticache/replicationGroup:ReplicationGroup"];
export const CACHE_CLUSTER = ["aws:elasticache/cluster:Cluster"];
export const PARAMETER_GROUP = ["aws:elasticache/parameterGroup:ParameterGroup"];

export const DATABASE_CLUSTER = ["aws:rds/cluster:Cluster"];
/** A database of one instance; those of a cluster are its members. */
export const DATABASE_INSTANCE = ["aws:rds/instance:Instance"];
export const GLOBAL_CLUSTER = ["aws:rds/globalCluster:GlobalCluster"];

export const GLOBAL_DATASTORE = ["aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"];
export const BACKUP_PLAN = ["aws:backup/plan:Plan"];
export const BACKUP_SELECTION = ["aws:backup/selection:Selection"];
export const BACKUP_VAULT = ["aws:backup/vault:Vault"];

export const DISTRIBUTION = ["aws:cloudfront/distribution:Distribution"];
export const LOG_DELIVERY_SOURCE = ["aws:cloudwatch/logDeliverySource:LogDeliverySource"];

export const RECORD = ["aws:route53/record:Record"];
export const HOSTED_ZONE = ["aws:route53/zone:Zone"];
export const HOSTED_ZONE_DNSSEC = ["aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"];
export const QUERY_LOG = ["aws:route53/queryLog:QueryLog"];

export const LOG_GROUP = ["aws:cloudwatch/logGroup:LogGroup"];

export const BUCKET = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
export const BUCKET_PUBLIC_ACCESS_BLOCK = [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
];
export const BUCKET_ENCRYPTION = [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];
export const BUCKET_VERSIONING = [
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
];
export const BUCKET_LOGGING = [
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketLoggingV2:BucketLoggingV2",
];
export const BUCKET_POLICY = ["aws:s3/bucketPolicy:BucketPolicy"];

export const KEY = ["aws:kms/key:Key"];
export const IAM_POLICY = [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
];
export const IAM_ROLE = ["aws:iam/role:Role"];
export const IAM_ATTACHMENT = [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
];
export const SECRET = ["aws:secretsmanager/secret:Secret"];
export const SECRET_ROTATION = ["aws:secretsmanager/secretRotation:SecretRotation"];

/** A Kubernetes kind in each API version that has it. */
const kind = (name: string, ...versions: string[]) =>
    versions.map((version) => `kubernetes:${version}:${name}`);
/** The patches of these types that server-side apply makes: they say only what they change. */
export const patchesOf = (types: readonly string[]) => types.map((type) => `${type}Patch`);
const OLD_APPS = ["apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"];

/** What keeps a number of pods, and may be scaled. */
export const SCALABLE_WORKLOAD = [
    ...kind("Deployment", "apps/v1", ...OLD_APPS),
    ...kind("StatefulSet", "apps/v1", "apps/v1beta1", "apps/v1beta2"),
    ...kind("ReplicaSet", "apps/v1", "apps/v1beta2", "extensions/v1beta1"),
    ...kind("ReplicationController", "core/v1"),
    ...kind("Rollout", "argoproj.io/v1alpha1"),
];
/** Everything that runs pods. */
export const WORKLOAD = [
    ...SCALABLE_WORKLOAD,
    ...kind("DaemonSet", "apps/v1", "apps/v1beta2", "extensions/v1beta1"),
    ...kind("Job", "batch/v1"),
    ...kind("CronJob", "batch/v1", "batch/v1beta1"),
    ...kind("Pod", "core/v1"),
    ...kind("PodTemplate", "core/v1"),
];
export const HORIZONTAL_POD_AUTOSCALER = kind(
    "HorizontalPodAutoscaler",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
);
export const SCALED_OBJECT = kind("ScaledObject", "keda.sh/v1alpha1");
/** What changes the number of a workload's pods. */
export const POD_SCALER = [...HORIZONTAL_POD_AUTOSCALER, ...SCALED_OBJECT];
export const VERTICAL_POD_AUTOSCALER = kind(
    "VerticalPodAutoscaler",
    "autoscaling.k8s.io/v1",
    "autoscaling.k8s.io/v1beta2",
);
export const POD_DISRUPTION_BUDGET = kind("PodDisruptionBudget", "policy/v1", "policy/v1beta1");
export const CONFIG_MAP = kind("ConfigMap", "core/v1");
/** A chart whose values alone are seen, not what it makes of them. */
export const HELM_RELEASE = ["kubernetes:helm.sh/v3:Release"];
export const EKS_CLUSTER = ["aws:eks/cluster:Cluster"];
