import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const NONE =
    "nothing in another region holds a copy: no member that follows it, no backup plan with a copy action";

export const RECOVERY_CASES: Cases = {
    "logcaster-recovery-copy-elsewhere": {
        "a store that nothing backs up": {
            change: (s) => s.remove("selection"),
            says: [`store: ${NONE}`],
        },
        "a cache that nothing backs up": {
            change: (s) =>
                s.remove("selection").set("store", "tags", { "logcaster:redis-role": "cache" }),
        },
        "backups without a copy": {
            change: (s) => s.set("backups", "rules.0.copyActions", undefined),
            says: [`store: ${NONE}`],
        },
        "copies in the same region": {
            change: (s) => s.set("copy-vault", "region", "us-east-1"),
            says: [`store: ${NONE}`],
        },
        "copies in a vault of another account, in another region": {
            change: (s) =>
                s.refer("backups", "rules", "vault").set("backups", "rules.0.copyActions", [
                    {
                        destinationVaultArn: "arn:aws:backup:eu-west-1:111122223333:backup-vault:v",
                    },
                ]),
        },
        "copies in a vault of another account, in the same region": {
            change: (s) =>
                s.refer("backups", "rules", "vault").set("backups", "rules.0.copyActions", [
                    {
                        destinationVaultArn: "arn:aws:backup:us-east-1:111122223333:backup-vault:v",
                    },
                ]),
            says: [`store: ${NONE}`],
        },
        "a plan that selects something else": {
            change: (s) => s.refer("selection", "resources", "writer"),
            says: [`store: ${NONE}`],
        },
        "a database without a follower": {
            change: (s) => s.remove("follower"),
            says: [`writer: ${NONE}`],
        },
        "a follower in the same region": {
            change: (s) => s.set("follower", "region", "us-east-1"),
            says: [`writer: ${NONE}`],
        },
        "a database without a follower, backed up elsewhere": {
            change: (s) => s.remove("follower").refer("selection", "resources", "writer", "store"),
        },
        "a store that leads a Global Datastore": {
            change: (s) =>
                s
                    .remove("selection")
                    .add(
                        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
                        "datastore",
                        { primaryReplicationGroupId: UNKNOWN },
                        { primaryReplicationGroupId: ["store"] },
                    )
                    .add(
                        "aws:elasticache/replicationGroup:ReplicationGroup",
                        "reader",
                        { region: "eu-west-1", globalReplicationGroupId: UNKNOWN },
                        { globalReplicationGroupId: ["datastore"] },
                    ),
        },
        "a role not known yet, of what is then held to nothing": {
            change: (s) => s.remove("selection").set("store", "tags", UNKNOWN),
        },
    },
    "logcaster-recovery-name-runbook": {
        "no tag": {
            change: (s) => s.set("writer", "tags", undefined),
            says: [
                "writer: the tag logcaster:runbook is not set, must be a reference to a runbook (runbook)",
            ],
        },
        "a tag that names none": {
            change: (s) => s.set("writer", "tags", { "logcaster:runbook": "ask Kim" }),
            says: [
                "writer: the tag logcaster:runbook is ask Kim, must be a reference to a runbook (runbook)",
            ],
        },
        "another tag and another form": {
            config: { tag: "runbook", runbook: "^wiki/" },
            change: (s) =>
                ["writer", "follower"].forEach((name) =>
                    s.set(name, "tags", { runbook: "wiki/database" }),
                ),
            says: ["store: the tag runbook is not set, must be a reference to a runbook (runbook)"],
        },
        "tags not known yet": {
            change: (s) => s.set("writer", "tags", UNKNOWN),
            unknown: ["tags"],
        },
    },
    "logcaster-recovery-encrypt-vault": {
        "AWS's own key": {
            change: (s) => s.set("vault", "kmsKeyArn", undefined).refer("vault", "kmsKeyArn"),
            says: ["vault: kmsKeyArn is not set, must be a key of the account"],
        },
        "a key that AWS will tell, not known yet": {
            change: (s) => s.refer("vault", "kmsKeyArn"),
            says: ["vault: kmsKeyArn is not set, must be a key of the account"],
        },
    },
};
