import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../problems";
import type { AutoscalingFleetArgs } from "./args";
import { createDrainHook, createGroup } from "./group";
import { notify } from "./notifications";
import { createRole } from "./role";
import { scale } from "./scaling";
import { createSecurityGroup } from "./security-group";
import { createTemplate } from "./template";
import { fleetProblems } from "./validate";

/**
 * The instances of a region, as many as the load needs: one auto scaling group of one vertical tier, in which every instance
 * runs the service, answers for its health, publishes its connections and memory, and drains before it leaves. In node mode
 * the same instances are nodes of a Kubernetes cluster, whose autoscaler then owns their number.
 *
 * The name is also the group's physical name (metrics and permissions name it), so it must be unique in account and region.
 *
 * **Cost** an hour: with n instances, base b, p % on demand above it, on-demand price d and spot price s, the instances cost
 * (b + (n - b) p / 100) d + (n - b)(1 - p / 100) s. Beside them, in us-east-1, an instance's gp3 volume a month: 0.08 USD a
 * GiB, 0.005 an IOPS above 3,000 and 0.04 a MiB/s above 125, so medium is 8 + 35 + 1.28 = 44.28 USD, 0.061 an hour; its
 * detailed monitoring; the group's two custom metrics; 1 USD a month for the key of the event topic.
 * **Limits**: the account's vCPU quotas for on-demand and spot instances first, then its gp3 storage; 16 KB of user data.
 */
export class AutoscalingFleet extends pulumi.ComponentResource {
    /** Physical name of the group: the dimension of its metrics. */
    readonly groupName: pulumi.Output<string>;
    readonly groupArn: pulumi.Output<string>;
    /** Security group of the instances: the client of the data stores. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Role that the instances wear. */
    readonly roleArn: pulumi.Output<string>;
    readonly roleName: pulumi.Output<string>;
    readonly launchTemplateId: pulumi.Output<string>;
    /** Smallest number of instances outside the schedule. */
    readonly min: pulumi.Output<number>;
    /** Largest number of instances. */
    readonly max: pulumi.Output<number>;
    /** Topic that hears of the four scaling events. */
    readonly notificationTopicArn: pulumi.Output<string>;
    /** Predictive scaling policy, a dimension of the forecast's metrics; absent where AWS does not forecast. */
    readonly predictivePolicyName?: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: AutoscalingFleetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:AutoscalingFleet", name, {}, opts);
        refuse(this, name, fleetProblems(args));
        const tags = { ...args.tags, Name: name, "logcaster:component": "fleet" };

        const { role, profile, grants } = createRole(name, this, args, tags);
        const securityGroup = createSecurityGroup(name, this, args, tags);
        const securityGroupIds = [
            securityGroup.id,
            ...(args.nodeMode ? [args.nodeMode.clusterSecurityGroupId] : []),
        ];
        const template = createTemplate(
            name,
            this,
            args,
            { profileArn: profile.arn, securityGroupIds },
            tags,
        );
        const group = createGroup(name, this, args, template, tags, [
            ...grants,
            ...securityGroup.rules,
        ]);
        const topicArn = notify(name, this, args, group, tags);
        if (!args.nodeMode) {
            createDrainHook(name, this, args, group);
            this.predictivePolicyName = scale({
                name,
                parent: this,
                args,
                groupName: group.name,
            });
        }

        this.groupName = group.name;
        this.groupArn = group.arn;
        this.securityGroupId = securityGroup.id;
        this.roleArn = role.arn;
        this.roleName = role.name;
        this.launchTemplateId = template.id;
        this.min = pulumi.output(args.scaling.min);
        this.max = pulumi.output(args.scaling.max);
        this.notificationTopicArn = topicArn;
        this.registerOutputs({
            groupName: this.groupName,
            groupArn: this.groupArn,
            securityGroupId: this.securityGroupId,
            roleArn: this.roleArn,
            roleName: this.roleName,
            launchTemplateId: this.launchTemplateId,
            min: this.min,
            max: this.max,
            notificationTopicArn: this.notificationTopicArn,
            predictivePolicyName: this.predictivePolicyName,
        });
    }
}
