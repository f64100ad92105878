/** Mistakes in regions, zones and networks. */
import { outside, type BadSettings } from "./row";

const US = 'regions["us-east-1"]';
const EU = 'regions["eu-west-1"]';

/** A subnet of each zone of us-east-1. */
const subnets = (kind: number) =>
    Object.fromEntries(
        ["a", "b", "c"].map((zone, i) => [`us-east-1${zone}`, `subnet-0123456789abcde${kind}${i}`]),
    );

export const BAD_PLACES: readonly BadSettings[] = [
    outside(
        "regions.region.flowLogDays",
        `${US}.flowLogDays`,
        100,
        "one of 1, 3, 5",
        "logs.retentionDays",
    ),
    {
        mistake: "a primary region that is none of the stack's",
        set: { primaryRegion: "sa-east-1" },
        path: "primaryRegion",
        says: "us-east-1, eu-west-1, ap-northeast-1",
    },
    {
        mistake: "no region",
        set: { regions: {} },
        path: "regions",
        says: "at least one region",
        preview: "is missing", // An empty object counts as none.
    },
    {
        mistake: "a region that is none",
        set: { regions: undefined, "regions.mars": {} },
        path: "regions.mars",
        says: "a region's name",
    },
    {
        mistake: "a region whose load balancers AWS would not name",
        set: { "regions.us-extraordinarysouth-1": {} },
        path: 'regions["us-extraordinarysouth-1"]',
        says: "a region's name",
    },
    {
        mistake: "a zone of another region",
        set: { [`${EU}.zones[0]`]: "us-east-1a" },
        path: `${EU}.zones[0]`,
        says: "eu-west-1a to eu-west-1h",
        covers: ["zone.region"],
    },
    {
        mistake: "a zone twice",
        set: { [`${US}.zones[2]`]: "us-east-1a" },
        path: `${US}.zones[2]`,
        says: "each zone once",
    },
    {
        mistake: "one zone",
        set: { [`${US}.zones`]: ["us-east-1a"] },
        path: `${US}.zones`,
        says: "2 to 8 zones",
        also: ["redis.store.copies", "redis.cache.copies", "redis.global.copies"],
        covers: ["regions.region.zones"],
    },
    {
        mistake: "overlapping blocks",
        set: { [`${EU}.cidr`]: "10.0.128.0/17" },
        path: `${EU}.cidr`,
        says: "does not overlap with 10.0.0.0/16 of us-east-1",
    },
    {
        mistake: "a block too small",
        set: { [`${US}.cidr`]: "10.0.0.0/20" },
        path: `${US}.cidr`,
        says: "/16 to /19",
        covers: ["vpc.prefixLength"],
    },
    {
        mistake: "a block with host bits",
        set: { [`${US}.cidr`]: "10.0.0.1/16" },
        path: `${US}.cidr`,
        says: "zero",
    },
    {
        mistake: "a block that is none",
        set: { [`${US}.cidr`]: "10.0.0.0" },
        path: `${US}.cidr`,
        says: "IPv4 block",
    },
    {
        mistake: "a certificate of another region",
        set: { [`${EU}.certificateArn`]: "arn:aws:acm:us-east-1:111122223333:certificate/1" },
        path: `${EU}.certificateArn`,
        says: "a certificate in eu-west-1",
        covers: ["certificate.region"],
    },
    {
        mistake: "an unknown time zone",
        set: { [`${US}.timeZone`]: "Mars/Olympus" },
        path: `${US}.timeZone`,
        says: "IANA time zone database",
    },
    {
        mistake: "an image by SSM parameter",
        set: { [`${US}.imageId`]: "resolve:ssm:/image" },
        path: `${US}.imageId`,
        says: "ami-",
        covers: ["image.id"],
    },
    {
        mistake: "no way out of the VPC",
        set: { [`${US}.nat`]: "none" },
        path: `${US}.nat`,
        says: "interfaceEndpoints: true",
        covers: ["vpc.bootEndpoints"],
    },
    {
        mistake: "endpoints in an existing VPC",
        set: {
            [`${US}.existingNetwork`]: {
                vpcId: "vpc-0123456789abcdef0",
                publicSubnetIds: subnets(0),
                privateSubnetIds: subnets(1),
                isolatedSubnetIds: subnets(2),
            },
            [`${US}.interfaceEndpoints`]: true,
        },
        path: `${US}.interfaceEndpoints`,
        says: "its owner adds endpoints",
    },
    {
        mistake: "an existing VPC without a subnet in each zone",
        set: {
            [`${US}.existingNetwork`]: {
                vpcId: "vpc-0123456789abcdef0",
                publicSubnetIds: { "us-east-1a": "subnet-0123456789abcdef0" },
                privateSubnetIds: { "us-east-1a": "subnet-0123456789abcdef1" },
                isolatedSubnetIds: { "us-east-1a": "subnet-0123456789abcdef2" },
            },
        },
        path: `${US}.existingNetwork.publicSubnetIds`,
        says: "one subnet for each of us-east-1a, us-east-1b, us-east-1c",
        also: [`${US}.existingNetwork.privateSubnetIds`, `${US}.existingNetwork.isolatedSubnetIds`],
    },
];
