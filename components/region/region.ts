import * as pulumi from "@pulumi/pulumi";
import { AWS_RULES } from "logcaster-model/aws-rules";
import { fleetNameOf, type Problem } from "logcaster-model/settings";
import { HEALTH_PORT } from "../fleet";
import { BalancerTargetType, BalancingStrategy, LoadBalancerTier } from "../load-balancer";
import { RegionMonitoring, type MonitoredRedisArgs } from "../monitoring";
import { Network } from "../network";
import { refuse } from "../problems";
import { RedisRole, RedisShardCluster, type PartitionScheme, type RedisRoleArgs } from "../redis";
import { RegionRole, RuntimeConfig } from "../runtime-config";
import type { RegionArgs } from "./args";
import type { Compute } from "./compute";
import { runOnInstances } from "./instances";
import { runOnKubernetes } from "./kubernetes";
import { proxyFleetArgs } from "./proxies";

/**
 * One region of LogCaster, complete: network, front door, instances that scale, the two Redis clusters, and what the
 * instances read at boot. Ingest is local to a region; nothing here needs another region to work.
 *
 * **Cost**: the sum of its parts, said in each of their classes.
 * **Limits**: those of its parts; first the 5 VPCs of a region and account.
 */
export class Region extends pulumi.ComponentResource {
    /** Network load balancer of the line protocol, and the hosted zone of its name. */
    readonly nlbDnsName: pulumi.Output<string>;
    readonly nlbZoneId: pulumi.Output<string>;
    /** Application load balancer of HTTP. */
    readonly albDnsName: pulumi.Output<string>;
    readonly albZoneId: pulumi.Output<string>;
    /** Dimensions of the metrics of load balancers and target groups. */
    readonly nlbArnSuffix: pulumi.Output<string>;
    readonly albArnSuffix: pulumi.Output<string>;
    readonly tcpTargetGroupArnSuffix: pulumi.Output<string>;
    readonly httpTargetGroupArnSuffix: pulumi.Output<string>;
    /** Auto scaling group of the instances that run the service; absent where pods run it. */
    readonly groupName?: pulumi.Output<string>;
    /** Auto scaling groups of Kubernetes nodes; absent where instances run the service. */
    readonly nodeGroupNames?: pulumi.Output<string[]>;
    /** Bounds of the number of instances, or pods. */
    readonly min: pulumi.Output<number>;
    readonly max: pulumi.Output<number>;
    /** Where Redis clients ask for the map of slots, by role. */
    readonly storeEndpoint: pulumi.Output<string>;
    readonly cacheEndpoint: pulumi.Output<string>;
    /** Dimensions of the clusters' metrics. */
    readonly storeReplicationGroupId: pulumi.Output<string>;
    readonly cacheReplicationGroupId: pulumi.Output<string>;
    /** How keys map to partitions of the store. */
    readonly partitionScheme: pulumi.Output<PartitionScheme>;
    /** Path of the parameters that instances read. */
    readonly parameterPath: pulumi.Output<string>;
    /** The VPC. */
    readonly vpcId: pulumi.Output<string>;
    /** Subnets for data stores, in the order of the zones. */
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    /** Security group of the instances or pods, which a data store lets in. */
    readonly fleetSecurityGroupId: pulumi.Output<string>;
    /** Role of the instances or pods, which a data store lets log in. */
    readonly fleetRoleName: pulumi.Output<string>;
    /** Topics of alerts: what can wait, who is woken, who plans capacity. */
    readonly notifyOpsTopicArn: pulumi.Output<string>;
    readonly pageOncallTopicArn: pulumi.Output<string>;
    readonly capacityPlanningTopicArn: pulumi.Output<string>;
    /** Composite alarms that page. */
    readonly outageAlarmArns: pulumi.Output<string[]>;

    /** @throws ResourceError with every mistake in the arguments of a part at once */
    constructor(name: string, args: RegionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:Region", name, {}, opts);
        const { region, zones, protect, service, redis } = args;
        const child = { parent: this };
        refuse(this, name, imageProblems(args));
        const fleetName = fleetNameOf(args.environment, name);
        // Refused before anything waits for what is never made.
        const proxyFleet =
            args.loadBalancer.strategy === BalancingStrategy.LeastConnections && !args.kubernetes
                ? proxyFleetArgs(args, fleetName, this)
                : undefined;
        // Redis admits the fleet, and the fleet reads at boot where Redis is: one of the two is told afterwards.
        const [fleetGroupId, setFleetGroupId] = pulumi.deferredOutput<string>();

        const network = new Network(
            name,
            {
                region,
                cidr: args.cidr,
                zones,
                nat: args.nat,
                interfaceEndpoints: args.interfaceEndpoints,
                flowLogDays: args.flowLogDays,
                existing: args.existingNetwork,
                protect,
            },
            child,
        );
        const { vpcId } = network;
        const door = args.loadBalancer;
        const balancer = new LoadBalancerTier(
            name,
            {
                ...door,
                targetType: args.kubernetes ? BalancerTargetType.Ip : BalancerTargetType.Instance,
                region,
                vpcId,
                vpcCidr: network.cidr,
                publicSubnetIds: network.publicSubnetIds,
                port: service.port,
                httpPort: service.httpPort,
                certificateArn: args.certificateArn,
                healthCheck: { ...args.loadBalancer.healthCheck, port: HEALTH_PORT },
                protect,
            },
            child,
        );
        const cluster = (role: RedisRole, settings: RedisRoleArgs) =>
            new RedisShardCluster(
                `${name}-${role}`,
                {
                    ...settings,
                    region,
                    role,
                    zones,
                    vpcId,
                    subnetIds: network.isolatedSubnetIds,
                    clientSecurityGroupIds: { [args.kubernetes ? "pods" : "fleet"]: fleetGroupId },
                    partitions: redis.partitions,
                    protect,
                },
                child,
            );
        const store = cluster(RedisRole.Store, redis.store);
        const cache = cluster(RedisRole.Cache, redis.cache);
        const runtimeConfig = new RuntimeConfig(
            name,
            {
                region,
                environment: args.environment,
                regionRole:
                    region === (args.primaryRegion ?? region)
                        ? RegionRole.Primary
                        : RegionRole.Secondary,
                store,
                cache,
                shared: args.sharedRedis,
                database: args.database,
            },
            child,
        );
        const parts = { network, balancer, store, cache, runtimeConfig };
        const compute = resolving(setFleetGroupId, () =>
            args.kubernetes
                ? runOnKubernetes(name, fleetName, this, args, args.kubernetes, parts)
                : runOnInstances(fleetName, this, args, parts, proxyFleet),
        );
        const monitoring = new RegionMonitoring(
            name,
            {
                region,
                environment: args.environment,
                alerts: args.alerts,
                ...compute.monitored,
                balancer: {
                    nlbArnSuffix: balancer.nlbArnSuffix,
                    albArnSuffix: balancer.albArnSuffix,
                    tcpTargetGroupArnSuffix: balancer.tcpTargetGroupArnSuffix,
                    httpTargetGroupArnSuffix: balancer.httpTargetGroupArnSuffix,
                },
                store: monitored(store, redis.store),
                cache: monitored(cache, redis.cache),
                protect,
            },
            child,
        );
        compute.tell?.(monitoring);

        this.nlbDnsName = balancer.nlbDnsName;
        this.nlbZoneId = balancer.nlbZoneId;
        this.albDnsName = balancer.albDnsName;
        this.albZoneId = balancer.albZoneId;
        this.nlbArnSuffix = balancer.nlbArnSuffix;
        this.albArnSuffix = balancer.albArnSuffix;
        this.tcpTargetGroupArnSuffix = balancer.tcpTargetGroupArnSuffix;
        this.httpTargetGroupArnSuffix = balancer.httpTargetGroupArnSuffix;
        this.groupName = compute.groupName;
        this.nodeGroupNames = compute.nodeGroupNames;
        this.min = compute.min;
        this.max = compute.max;
        this.storeEndpoint = store.endpoint;
        this.cacheEndpoint = cache.endpoint;
        this.storeReplicationGroupId = store.replicationGroupId;
        this.cacheReplicationGroupId = cache.replicationGroupId;
        this.partitionScheme = store.partitionScheme;
        this.parameterPath = runtimeConfig.parameterPath;
        this.vpcId = vpcId;
        this.isolatedSubnetIds = network.isolatedSubnetIds;
        this.fleetSecurityGroupId = compute.securityGroupId;
        this.fleetRoleName = compute.roleName;
        this.notifyOpsTopicArn = monitoring.notifyOpsTopicArn;
        this.pageOncallTopicArn = monitoring.pageOncallTopicArn;
        this.capacityPlanningTopicArn = monitoring.capacityPlanningTopicArn;
        this.outageAlarmArns = monitoring.outageAlarmArns;
        this.registerOutputs({
            nlbDnsName: this.nlbDnsName,
            nlbZoneId: this.nlbZoneId,
            albDnsName: this.albDnsName,
            albZoneId: this.albZoneId,
            nlbArnSuffix: this.nlbArnSuffix,
            albArnSuffix: this.albArnSuffix,
            tcpTargetGroupArnSuffix: this.tcpTargetGroupArnSuffix,
            httpTargetGroupArnSuffix: this.httpTargetGroupArnSuffix,
            groupName: this.groupName,
            nodeGroupNames: this.nodeGroupNames,
            min: this.min,
            max: this.max,
            storeEndpoint: this.storeEndpoint,
            cacheEndpoint: this.cacheEndpoint,
            storeReplicationGroupId: this.storeReplicationGroupId,
            cacheReplicationGroupId: this.cacheReplicationGroupId,
            partitionScheme: this.partitionScheme,
            parameterPath: this.parameterPath,
            vpcId: this.vpcId,
            isolatedSubnetIds: this.isolatedSubnetIds,
            fleetSecurityGroupId: this.fleetSecurityGroupId,
            fleetRoleName: this.fleetRoleName,
            notifyOpsTopicArn: this.notifyOpsTopicArn,
            pageOncallTopicArn: this.pageOncallTopicArn,
            capacityPlanningTopicArn: this.capacityPlanningTopicArn,
            outageAlarmArns: this.outageAlarmArns,
        });
    }
}

/** Makes what runs the service and tells its security group, also where a mistake is all there is to tell. */
function resolving(setGroupId: (id: pulumi.Output<string>) => void, make: () => Compute): Compute {
    try {
        const compute = make();
        setGroupId(compute.securityGroupId);
        return compute;
    } catch (error) {
        // What waits for the group would otherwise be reported beside the mistake.
        setGroupId(pulumi.output(""));
        throw error;
    }
}

function imageProblems({ imageId, kubernetes }: RegionArgs): Problem[] {
    if (imageId !== undefined || kubernetes?.existing) return [];
    return [
        {
            path: "imageId",
            value: undefined,
            allowed: "a machine image by id: what runs here boots it",
        },
    ];
}

/** The nodes that a cluster can have: where AWS changes the counts, all that it may come to. */
function monitored(
    { replicationGroupId }: RedisShardCluster,
    { shards, copies, autoScaling }: RedisRoleArgs,
): MonitoredRedisArgs {
    return autoScaling?.enabled
        ? {
              replicationGroupId,
              shards: autoScaling.maxShards,
              copies: AWS_RULES["elasticache.copies"].max,
          }
        : { replicationGroupId, shards, copies };
}
