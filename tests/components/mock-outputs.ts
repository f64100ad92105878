/** What AWS would compute, as far as components read it: fixed and plausible, so that tests can follow a value. */
type Values = Record<string, unknown>;

const ACCOUNT = "123456789012";

/** Outputs by type token; every aws resource has an ARN and, where it is autonamed, a name. */
const BY_TYPE: Record<string, (name: string, inputs: Values) => Values> = {
    "aws:lb/loadBalancer:LoadBalancer": (name, { region }) => ({
        arnSuffix: `net/${name}/0123456789abcdef`,
        dnsName: `${name}.elb.${region}.amazonaws.com`,
        zoneId: `Z-ELB-${region}`,
    }),
    "aws:lb/targetGroup:TargetGroup": (name) => ({
        arnSuffix: `targetgroup/${name}/0123456789abcdef`,
    }),
    "aws:route53/zone:Zone": (name) => ({
        zoneId: `${name}-id`,
        nameServers: ["ns-1.example.net", "ns-2.example.org"],
    }),
    "aws:ec2/vpc:Vpc": (name) => ({
        defaultSecurityGroupId: `${name}-default-sg`,
        ownerId: ACCOUNT,
    }),
    "aws:ec2/securityGroup:SecurityGroup": () => ({ ownerId: ACCOUNT }),
    "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
    "aws:route53/keySigningKey:KeySigningKey": (name) => ({ dsRecord: `ds-of-${name}` }),
    "aws:kms/key:Key": (name) => ({ keyId: `${name}-id` }),
    "aws:s3/bucket:Bucket": (name, { region }) => ({
        bucket: `${name}-1234567`,
        bucketRegionalDomainName: `${name}-1234567.s3.${region}.amazonaws.com`,
    }),
    "aws:eks/cluster:Cluster": (name, { region }) => ({
        endpoint: `https://${name}.gr7.${region}.eks.amazonaws.com`,
        certificateAuthority: { data: "Q0E=" },
    }),
    "aws:elasticache/replicationGroup:ReplicationGroup": (name, { region }) => ({
        replicationGroupId: name,
        configurationEndpointAddress: `${name}.clustercfg.${region}.cache.amazonaws.com`,
    }),
    "aws:rds/globalCluster:GlobalCluster": (_, { globalClusterIdentifier }) => ({
        endpoint: `${globalClusterIdentifier}.global-1.global.rds.amazonaws.com`,
    }),
    "aws:rds/cluster:Cluster": (_, { region, clusterIdentifier }) => ({
        arn: `arn:aws:rds:${region}:${ACCOUNT}:cluster:${clusterIdentifier}`,
        clusterResourceId: `cluster-of-${region}`,
        endpoint: `${clusterIdentifier}.cluster-1.${region}.rds.amazonaws.com`,
        readerEndpoint: `${clusterIdentifier}.cluster-ro-1.${region}.rds.amazonaws.com`,
    }),
    "random:index/randomPassword:RandomPassword": (name) => ({ result: `password-of-${name}` }),
    "random:index/randomId:RandomId": (name) => ({ hex: `hex-of-${name}` }),
};

/** The outputs of one resource beside its inputs. */
export function mockOutputs(type: string, name: string, inputs: Values): Values {
    const [, service, kind] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
    const common = service
        ? {
              arn: `arn:aws:${service}:${inputs.region ?? ""}:${ACCOUNT}:${kind}/${name}`,
              name: `${name}-1234567`,
          }
        : {};
    return { ...common, ...BY_TYPE[type]?.(name, inputs) };
}
