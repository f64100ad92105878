/** Where data rests: log groups, buckets, keys, secrets. */
import { statementsOf } from "./iam";
import { refersTo, referrers } from "./references";
import {
    NOT_APPLICABLE,
    beyond,
    isTrue,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import {
    BUCKET_ENCRYPTION,
    BUCKET_LOGGING,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_VERSIONING,
    SECRET_ROTATION,
} from "./types";
import { given, independently, isUnknown, known } from "./unknown";

interface LogGroup {
    readonly name?: string;
    readonly retentionInDays?: number;
    readonly kmsKeyId?: string;
}

/** Kept for ever, and paid for ever. */
const NEVER_EXPIRES = 0;

export function* retentionSet({ props }: Resource<LogGroup>): Verdict {
    const days = props.retentionInDays ?? NEVER_EXPIRES;
    if (days === NEVER_EXPIRES) yield wrong("retentionInDays", props.retentionInDays, "given");
}

/** Whether a pattern means one of a resource's names: that in the program, or that in AWS where it is known. */
function means(words: string, ...names: readonly (string | undefined)[]): boolean {
    if (words === "") return false;
    const pattern = new RegExp(words, "i");
    return names.some((name) => name !== undefined && pattern.test(name));
}

export function* auditLogsKept(
    group: Resource<LogGroup>,
    { minAuditDays, auditNames }: { minAuditDays: number; auditNames: string },
): Verdict {
    const { name, props } = group;
    if (
        !means(
            auditNames,
            name,
            known(() => props.name),
        )
    )
        return NOT_APPLICABLE;
    const days = props.retentionInDays ?? NEVER_EXPIRES;
    if (days !== NEVER_EXPIRES && days < minAuditDays) {
        yield beyond("retentionInDays of an audit log", days, minAuditDays, "minAuditDays");
    }
}

export function* logsUseKey({ props }: Resource<LogGroup>): Verdict {
    if (!given(() => props.kmsKeyId)) yield wrong("kmsKeyId", undefined, "a key of the account");
}

/** What a bucket says inline; BucketV2 puts it in lists. */
interface Bucket {
    readonly serverSideEncryptionConfiguration?: object;
    readonly serverSideEncryptionConfigurations?: readonly object[];
    readonly versioning?: { readonly enabled?: boolean };
    readonly versionings?: readonly { readonly enabled?: boolean }[];
    readonly logging?: object;
    readonly loggings?: readonly object[];
    readonly policy?: string;
}

interface OfBucket {
    readonly bucket: string;
}

interface PublicAccessBlock extends OfBucket {
    readonly blockPublicAcls?: boolean;
    readonly blockPublicPolicy?: boolean;
    readonly ignorePublicAcls?: boolean;
    readonly restrictPublicBuckets?: boolean;
}

const CLOSED = [
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
] as const;

export function* publicAccessBlocked(
    bucket: StackResource<Bucket>,
    _config: object,
    stack: Stack,
): Verdict {
    const blocks = referrers<PublicAccessBlock>(
        stack,
        BUCKET_PUBLIC_ACCESS_BLOCK,
        "bucket",
        bucket,
    );
    if (blocks.length === 0) {
        yield "no BucketPublicAccessBlock closes the bucket";
        return;
    }
    yield* independently(
        ...CLOSED.map(
            (property) =>
                function* () {
                    if (!blocks.some((block) => block.props[property] === true)) {
                        yield wrong(property, blocks[0]?.props[property], "true");
                    }
                },
        ),
    );
}

export function* bucketEncrypted(
    bucket: StackResource<Bucket>,
    _config: object,
    stack: Stack,
): Verdict {
    const inline =
        known(() => bucket.props.serverSideEncryptionConfiguration) ??
        known(() => bucket.props.serverSideEncryptionConfigurations?.[0]);
    if (!inline && referrers<OfBucket>(stack, BUCKET_ENCRYPTION, "bucket", bucket).length === 0) {
        yield "no BucketServerSideEncryptionConfiguration says how the bucket is encrypted";
    }
}

interface Versioning extends OfBucket {
    readonly versioningConfiguration: { readonly status: string };
}

export function* bucketVersioned(
    bucket: StackResource<Bucket>,
    { exemptNames }: { exemptNames: string },
    stack: Stack,
): Verdict {
    if (means(exemptNames, bucket.name)) return NOT_APPLICABLE;
    const inline =
        known(() => bucket.props.versioning) ?? known(() => bucket.props.versionings?.[0]);
    if (inline?.enabled === true) return;
    const versioning = referrers<Versioning>(stack, BUCKET_VERSIONING, "bucket", bucket);
    const status = versioning[0]?.props.versioningConfiguration.status;
    if (status !== "Enabled") yield wrong("the bucket's versioning", status, "Enabled");
}

/** A bucket that receives the logs of others needs none of its own. */
export function* bucketLogged(
    bucket: StackResource<Bucket>,
    { exemptNames }: { exemptNames: string },
    stack: Stack,
): Verdict {
    if (means(exemptNames, bucket.name)) return NOT_APPLICABLE;
    if (known(() => bucket.props.logging) ?? known(() => bucket.props.loggings?.[0])) return;
    if (referrers<OfBucket>(stack, BUCKET_LOGGING, "bucket", bucket).length === 0) {
        yield "no BucketLogging says who reads and writes the bucket";
    }
}

interface BucketPolicy extends OfBucket {
    readonly policy: string;
}

export const PLAIN_TRANSPORT = "aws:SecureTransport";

export function refusesPlainText(policy: string | undefined): boolean {
    return statementsOf(policy).some(
        (statement) =>
            statement.Effect === "Deny" &&
            Object.values(statement.Condition ?? {}).some((keys) =>
                Object.entries(keys).some(
                    ([key, value]) =>
                        key.toLowerCase() === PLAIN_TRANSPORT.toLowerCase() &&
                        String(value) === "false",
                ),
            ),
    );
}

/** A policy that names its bucket is text only once the bucket exists: until then that there is one must do. */
export function* bucketTlsOnly(
    bucket: StackResource<Bucket>,
    _config: object,
    stack: Stack,
): Verdict {
    const policies = referrers<BucketPolicy>(stack, BUCKET_POLICY, "bucket", bucket);
    if (policies.some((policy) => isUnknown(() => policy.props.policy))) return NOT_APPLICABLE;
    const texts = [...policies.map(({ props }) => props.policy), known(() => bucket.props.policy)];
    if (!texts.some(refusesPlainText)) {
        yield `no bucket policy denies requests with ${PLAIN_TRANSPORT} false`;
    }
}

interface Key {
    readonly enableKeyRotation?: boolean;
    readonly customerMasterKeySpec?: string;
    readonly keyUsage?: string;
}

/** AWS rotates symmetric encryption keys only. */
const SYMMETRIC = [undefined, "SYMMETRIC_DEFAULT"];

export function* keyRotates({ props }: Resource<Key>): Verdict {
    if (!SYMMETRIC.includes(known(() => props.customerMasterKeySpec))) return NOT_APPLICABLE;
    if (!isTrue(props.enableKeyRotation)) {
        yield wrong("enableKeyRotation", props.enableKeyRotation, "true");
    }
}

interface Secret {
    readonly kmsKeyId?: string;
}

export function* secretUsesKey({ props }: Resource<Secret>): Verdict {
    if (!given(() => props.kmsKeyId)) yield wrong("kmsKeyId", undefined, "a key of the account");
}

interface Rotation {
    readonly secretId: string;
    readonly rotationEnabled?: boolean;
}

export function* secretRotates(
    secret: StackResource<Secret>,
    _config: object,
    stack: Stack,
): Verdict {
    const rotations = stack
        .of<Rotation>(SECRET_ROTATION)
        .filter((rotation) => refersTo(rotation, "secretId", secret));
    if (rotations.length === 0)
        yield "nothing rotates the secret, must be a SecretRotation or a recorded reason";
}
