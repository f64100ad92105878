import { GlobalDatabase, type GlobalDatabaseArgs } from "logcaster-scaling/database";
import { record } from "../recorder";

export const REGIONS = ["us-east-1", "eu-west-1", "ap-northeast-1"];

/** A database as prod has it. */
export const args = (changes: Partial<GlobalDatabaseArgs> = {}): GlobalDatabaseArgs => ({
    environment: "prod",
    primaryRegion: "us-east-1",
    regions: Object.fromEntries(
        REGIONS.map((region) => [
            region,
            {
                vpcId: `vpc-${region}`,
                isolatedSubnetIds: [`subnet-a-${region}`, `subnet-b-${region}`],
                fleetSecurityGroupId: `sg-fleet-${region}`,
                fleetRoleName: `fleet-role-${region}`,
                notifyOpsTopicArn: `arn:aws:sns:${region}:123456789012:ops`,
                pageOncallTopicArn: `arn:aws:sns:${region}:123456789012:page`,
                capacityPlanningTopicArn: `arn:aws:sns:${region}:123456789012:capacity`,
            },
        ]),
    ),
    writeForwarding: true,
    readers: { enabled: true, max: 5, targetCpuPercent: 60 },
    protect: true,
    ...changes,
});

export const recordDatabase = (changes: Partial<GlobalDatabaseArgs> = {}) =>
    record(() => new GlobalDatabase("database", args(changes)));
