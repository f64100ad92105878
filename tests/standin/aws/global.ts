import { hex } from "../model";
import { arn, ec2Id, globalArn, string, uuid, type Made, type Rows } from "./row";

function zoneId(): string {
    return `Z0${hex(18).toUpperCase()}`;
}

/** A domain name without a trailing dot. */
function domain(value: string): string {
    return value.replace(/\.$/, "");
}

function recordId({ inputs }: Made): string {
    return [inputs.zoneId, inputs.name, inputs.type, inputs.setIdentifier]
        .filter((part) => part !== undefined && part !== null)
        .map(string)
        .join("_");
}

/** Route 53, ACM, CloudFront, WAF and EKS. */
export const GLOBAL: Rows = {
    "aws:route53/zone:Zone": {
        replaces: ["name", "delegationSetId"],
        defaults: { comment: "Managed by Pulumi", forceDestroy: false },
        id: zoneId,
        outputs: ({ id }) => ({
            arn: `arn:aws:route53:::hostedzone/${id}`,
            zoneId: id,
            nameServers: ["com", "net", "org", "co.uk"].map(
                (tld, i) => `ns-${i * 512}.awsdns-0${i}.${tld}`,
            ),
            primaryNameServer: "ns-0.awsdns-00.com",
        }),
    },
    "aws:route53/record:Record": {
        // A change of type or of the set identifier is a delete and a create inside one change batch.
        replaces: ["name", "zoneId"],
        id: recordId,
        outputs: ({ inputs }) => ({ fqdn: domain(string(inputs.name)), allowOverwrite: false }),
        onUpdate: ({ inputs }) => ({ fqdn: domain(string(inputs.name)) }),
    },
    "aws:route53/healthCheck:HealthCheck": {
        replaces: [
            "type",
            "requestInterval",
            "measureLatency",
            "referenceName",
            "routingControlArn",
        ],
        defaults: { disabled: false, invertHealthcheck: false, measureLatency: false },
        id: uuid,
        outputs: ({ id }) => ({ arn: `arn:aws:route53:::healthcheck/${id}`, enableSni: false }),
    },
    "aws:route53/queryLog:QueryLog": {
        replaces: ["cloudwatchLogGroupArn", "zoneId"],
        id: uuid,
        outputs: ({ id }) => ({ arn: `arn:aws:route53:::queryloggingconfig/${id}` }),
    },
    "aws:route53/keySigningKey:KeySigningKey": {
        replaces: ["hostedZoneId", "keyManagementServiceArn", "name"],
        id: ({ inputs, name }) => `${string(inputs.hostedZoneId)},${name}`,
        outputs: () => ({ keyTag: 12_345, flag: 257, dsRecord: `12345 13 2 ${hex(64)}` }),
    },
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": {
        replaces: ["hostedZoneId"],
        defaults: { signingStatus: "SIGNING" },
        id: ({ inputs }) => string(inputs.hostedZoneId),
    },
    "aws:acm/certificate:Certificate": {
        replaces: [
            "domainName",
            "subjectAlternativeNames",
            "validationMethod",
            "certificateAuthorityArn",
            "keyAlgorithm",
            "validationOptions",
        ],
        id: (made) => arn("acm", made, `certificate/${uuid()}`),
        outputs: ({ id, inputs }) => ({
            arn: id,
            status: "PENDING_VALIDATION",
            domainValidationOptions: [
                {
                    domainName: string(inputs.domainName),
                    resourceRecordName: `_${hex(32)}.${string(inputs.domainName)}.`,
                    resourceRecordType: "CNAME",
                    resourceRecordValue: `_${hex(32)}.acm-validations.aws.`,
                },
            ],
        }),
    },
    "aws:acm/certificateValidation:CertificateValidation": {
        replaces: ["certificateArn", "validationRecordFqdns"],
        id: () => "2025-01-01 00:00:00 +0000 UTC",
    },
    "aws:cloudfront/distribution:Distribution": {
        replaces: [],
        id: () => `E${hex(13).toUpperCase()}`,
        outputs: ({ id }) => ({
            arn: globalArn("cloudfront", `distribution/${id}`),
            domainName: `d${hex(13)}.cloudfront.net`,
            hostedZoneId: "Z2FDTNDATAQYW2",
            callerReference: hex(26),
            etag: `E${hex(13).toUpperCase()}`,
            status: "Deployed",
        }),
        onUpdate: () => ({ etag: `E${hex(13).toUpperCase()}` }),
        unknownOnUpdate: () => ["etag"],
    },
    ...Object.fromEntries(
        [
            "cachePolicy:CachePolicy",
            "originRequestPolicy:OriginRequestPolicy",
            "responseHeadersPolicy:ResponseHeadersPolicy",
            "originAccessControl:OriginAccessControl",
        ].map((type) => [
            `aws:cloudfront/${type}`,
            {
                autoname: { property: "name", maxLength: 64 },
                replaces: [],
                id: uuid,
                outputs: () => ({ etag: `E${hex(13).toUpperCase()}` }),
            },
        ]),
    ),
    "aws:cloudfront/function:Function": {
        autoname: { property: "name", maxLength: 64 },
        replaces: ["name"],
        unique: ["name"],
        id: ({ name }) => name,
        outputs: ({ name }) => ({
            arn: globalArn("cloudfront", `function/${name}`),
            etag: `E${hex(13).toUpperCase()}`,
            status: "UNASSOCIATED",
        }),
    },
    "aws:wafv2/webAcl:WebAcl": {
        autoname: { property: "name", maxLength: 128 },
        replaces: ["name", "namePrefix", "scope"],
        unique: ["scope", "name"],
        id: uuid,
        outputs: (made) => ({
            arn: arn(
                "wafv2",
                made,
                `${made.inputs.scope === "CLOUDFRONT" ? "global" : "regional"}/webacl/${made.name}/${made.id}`,
            ),
            capacity: 1,
            lockToken: uuid(),
        }),
    },
    "aws:wafv2/webAclAssociation:WebAclAssociation": {
        replaces: ["resourceArn", "webAclArn"],
        id: ({ inputs }) => `${string(inputs.webAclArn)},${string(inputs.resourceArn)}`,
    },
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
        replaces: ["resourceArn"],
        id: ({ inputs }) => string(inputs.resourceArn),
    },
    "aws:eks/cluster:Cluster": {
        autoname: { property: "name", maxLength: 100 },
        replaces: [
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "defaultAddonsToRemoves",
            "outpostConfig",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
        ],
        // Encryption can be added later, never taken away.
        replacesWhen: (before, after) =>
            before.encryptionConfig !== undefined && after.encryptionConfig === undefined
                ? ["encryptionConfig"]
                : [],
        unique: ["name"],
        defaults: { bootstrapSelfManagedAddons: true },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("eks", made, `cluster/${made.name}`),
            endpoint: `https://${hex(32).toUpperCase()}.gr7.${made.region}.eks.amazonaws.com`,
            certificateAuthority: { data: Buffer.from("stand-in").toString("base64") },
            identities: [
                {
                    oidcs: [
                        {
                            issuer: `https://oidc.eks.${made.region}.amazonaws.com/id/${hex(32).toUpperCase()}`,
                        },
                    ],
                },
            ],
            platformVersion: "eks.1",
            status: "ACTIVE",
            createdAt: "2025-01-01T00:00:00Z",
        }),
        inside: () => ({
            vpcConfig: { clusterSecurityGroupId: ec2Id("sg"), vpcId: ec2Id("vpc") },
        }),
    },
    "aws:eks/addon:Addon": {
        replaces: ["addonName", "clusterName"],
        id: ({ inputs }) => `${string(inputs.clusterName)}:${string(inputs.addonName)}`,
        outputs: (made) => ({
            arn: arn(
                "eks",
                made,
                `addon/${string(made.inputs.clusterName)}/${string(made.inputs.addonName)}/${uuid()}`,
            ),
        }),
    },
    "aws:eks/accessEntry:AccessEntry": {
        replaces: ["clusterName", "principalArn", "type"],
        defaults: { type: "STANDARD" },
        id: ({ inputs }) => `${string(inputs.clusterName)}:${string(inputs.principalArn)}`,
    },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        replaces: ["accessScope", "clusterName", "policyArn", "principalArn"],
        id: ({ inputs }) =>
            ["clusterName", "principalArn", "policyArn"].map((k) => string(inputs[k])).join("#"),
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
        replaces: ["clusterName", "namespace", "serviceAccount"],
        id: () => `a-${hex(17)}`,
        outputs: ({ id }) => ({ associationId: id }),
    },
    "aws:eks/nodeGroup:NodeGroup": {
        autoname: { property: "nodeGroupName", maxLength: 63 },
        replaces: [
            "amiType",
            "capacityType",
            "clusterName",
            "diskSize",
            "instanceTypes",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "remoteAccess",
            "subnetIds",
        ],
        unique: ["clusterName", "nodeGroupName"],
        id: ({ inputs, name }) => `${string(inputs.clusterName)}:${name}`,
    },
};
