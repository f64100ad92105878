/** Relational databases: encryption, protection, backups, and how one logs in. */
import { NOT_APPLICABLE, atLeast, isTrue, wrong, type Resource, type Verdict } from "./rule";
import { DATABASE_INSTANCE } from "./types";
import { given, known } from "./unknown";

/** The union of what global clusters, clusters and single instances say. */
interface Database {
    readonly storageEncrypted?: boolean;
    readonly deletionProtection?: boolean;
    readonly backupRetentionPeriod?: number;
    readonly iamDatabaseAuthenticationEnabled?: boolean;
    readonly engine?: string;
    /** What a database is made from, whose encryption it then has. */
    readonly sourceDbClusterIdentifier?: string;
    readonly snapshotIdentifier?: string;
    readonly replicateSourceDb?: string;
}

/** AWS copies these from what a database is made from. */
const SOURCES = ["sourceDbClusterIdentifier", "snapshotIdentifier", "replicateSourceDb"] as const;

export function* encrypted({ props }: Resource<Database>): Verdict {
    if (SOURCES.some((key) => given(() => props[key]))) return NOT_APPLICABLE;
    if (!isTrue(props.storageEncrypted)) {
        yield wrong("storageEncrypted", props.storageEncrypted, "true");
    }
}

export function* protectedFromDeletion({ props }: Resource<Database>): Verdict {
    if (!isTrue(props.deletionProtection)) {
        yield wrong("deletionProtection", props.deletionProtection, "true");
    }
}

/** What AWS keeps when a program does not say: a day for a cluster, nothing for an instance. */
const UNSAID_DAYS = { cluster: 1, instance: 0 } as const;

export function* backedUp(
    { type, props }: Resource<Database>,
    { minDays }: { minDays: number },
): Verdict {
    const unsaid = DATABASE_INSTANCE.includes(type) ? UNSAID_DAYS.instance : UNSAID_DAYS.cluster;
    const days = props.backupRetentionPeriod ?? unsaid;
    yield* atLeast("backupRetentionPeriod", days, minDays, "minDays");
}

/** Engines that take IAM tokens: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html */
const WITH_IAM = /mysql|mariadb|postgres/;

export function* loginByIam({ props }: Resource<Database>): Verdict {
    const engine = known(() => props.engine);
    if (engine !== undefined && !WITH_IAM.test(engine)) return NOT_APPLICABLE;
    if (!isTrue(props.iamDatabaseAuthenticationEnabled)) {
        yield wrong(
            "iamDatabaseAuthenticationEnabled",
            props.iamDatabaseAuthenticationEnabled,
            "true",
        );
    }
}
