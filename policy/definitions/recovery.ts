import { define, pattern, word, type Definition } from "../definition";
import * as recovery from "../rules/recovery";
import {
    BACKUP_VAULT,
    DATABASE_CLUSTER,
    DATABASE_INSTANCE,
    REPLICATION_GROUP,
} from "../rules/types";

const BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide";
const HOLDERS = [...DATABASE_CLUSTER, ...DATABASE_INSTANCE, ...REPLICATION_GROUP];

export const RECOVERY: readonly Definition[] = [
    define({
        name: "logcaster-recovery-copy-elsewhere",
        displayName: "Data in a second region",
        description:
            "Databases, and Redis clusters whose tag logcaster:redis-role says store, have a copy in another region: a member that follows, or backups copied there.",
        severity: "high",
        rows: ["recovery"],
        remediationSteps:
            "Add a member in another region or a backup plan with a copy action, or record why a region's loss may lose it",
        url: `${BACKUP}/cross-region-backup.html`,
        enforcementLevel: "mandatory",
        types: HOLDERS,
        stack: recovery.copiedElsewhere,
    }),
    define<object, { tag: string; runbook: string }>({
        name: "logcaster-recovery-name-runbook",
        displayName: "Data names its runbook",
        description: "What holds data says in a tag where to read what to do when it is lost.",
        severity: "low",
        rows: ["recovery"],
        remediationSteps: "Name the runbook in the tag",
        url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html",
        config: {
            tag: word("logcaster:runbook", "Tag that holds the reference"),
            runbook: pattern("https://|docs/", "What a reference to a runbook looks like"),
        },
        enforcementLevel: "mandatory",
        types: HOLDERS,
        resource: recovery.namesRunbook,
    }),
    define({
        name: "logcaster-recovery-encrypt-vault",
        displayName: "Vaults with a customer key",
        description: "Backup vaults are encrypted with a key of the account.",
        severity: "medium",
        rows: ["recovery"],
        remediationSteps: "Set kmsKeyArn",
        url: `${BACKUP}/encryption.html`,
        enforcementLevel: "mandatory",
        types: BACKUP_VAULT,
        stack: recovery.vaultUsesKey,
    }),
];
