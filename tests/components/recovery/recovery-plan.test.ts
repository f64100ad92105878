import assert from "node:assert/strict";
import { replay, type RecordedMetric } from "logcaster-model/alarms";
import { RecoveryPlan, VaultLock, type RecoveryPlanArgs } from "logcaster-scaling/recovery";
import { alarmsOf, kindOf } from "../monitoring/fixture";
import { dependsOn, names, orphans } from "../placed";
import { record } from "../recorder";

const CLUSTER = "arn:aws:rds:us-east-1:123456789012:cluster:logcaster-prod-us-east-1";
const CLUSTER_KEY = "arn:aws:kms:us-east-1:123456789012:key/database";

const args = (changes: Partial<RecoveryPlanArgs> = {}): RecoveryPlanArgs => ({
    environment: "prod",
    region: "us-east-1",
    copyRegion: "eu-west-1",
    resources: { database: { arn: CLUSTER, keyArn: CLUSTER_KEY } },
    keepDays: 30,
    copyDays: 60,
    lock: VaultLock.Governance,
    notifyOpsTopicArn: "arn:aws:sns:us-east-1:123456789012:ops",
    pageOncallTopicArn: "arn:aws:sns:us-east-1:123456789012:page",
    capacityPlanningTopicArn: "arn:aws:sns:us-east-1:123456789012:capacity",
    protect: true,
    ...changes,
});
const recordPlan = (changes: Partial<RecoveryPlanArgs> = {}) =>
    record(() => new RecoveryPlan("recovery", args(changes)));

const VAULT = "aws:backup/vault:Vault";
const keyArn = (region: string) =>
    `arn:aws:kms:${region}:123456789012:key/recovery-${region}-vault-key`;
const vaultArn = (region: string) =>
    `arn:aws:backup:${region}:123456789012:vault/recovery-${region}-vault`;

describe("RecoveryPlan", () => {
    let recording: Awaited<ReturnType<typeof recordPlan>>;
    before(async () => {
        recording = await recordPlan();
    });

    it("has a vault in each of two regions, encrypted by a rotating key of the region, protected", () => {
        assert.deepEqual(orphans(recording.resources, "recovery"), []);
        for (const region of ["us-east-1", "eu-west-1"]) {
            const { inputs, opts } = recording.one(VAULT, `recovery-${region}-vault`);
            assert.deepEqual(
                [inputs.region, inputs.kmsKeyArn, opts.protect],
                [region, keyArn(region), true],
            );
            const key = recording.one("aws:kms/key:Key", `recovery-${region}-vault-key`);
            assert.deepEqual(
                [key.inputs.region, key.inputs.enableKeyRotation, key.opts.protect],
                [region, true, true],
            );
        }
        assert.equal(recording.of(VAULT).length, 2);
    });

    it("backs up daily and copies each backup into the other region, each kept as long as said", () => {
        const { inputs } = recording.one("aws:backup/plan:Plan");
        assert.equal(inputs.region, "us-east-1");
        assert.deepEqual(inputs.rules, [
            {
                ruleName: "daily",
                targetVaultName: "recovery-us-east-1-vault-1234567",
                schedule: "cron(0 5 ? * * *)",
                startWindow: 60,
                completionWindow: 360,
                lifecycle: { deleteAfter: 30 },
                copyActions: [
                    {
                        destinationVaultArn: vaultArn("eu-west-1"),
                        lifecycle: { deleteAfter: 60 },
                    },
                ],
                recoveryPointTags: { "logcaster:component": "recovery" },
            },
        ]);
    });

    it("selects what it is given by ARN, once its role has its permissions", () => {
        const selection = recording.one("aws:backup/selection:Selection");
        assert.deepEqual(selection.inputs.resources, [CLUSTER]);
        assert.equal(
            selection.inputs.iamRoleArn,
            "arn:aws:iam::123456789012:role/recovery-us-east-1-backup",
        );
        assert.ok(dependsOn(selection).some((each) => each.includes("rolePolicy")));
    });

    it("gives the role the named clusters, vaults and keys, and no restore", () => {
        const { inputs } = recording.one("aws:iam/rolePolicy:RolePolicy");
        const statements = JSON.parse(String(inputs.policy)).Statement as {
            Sid: string;
            Action: string[];
            Resource: string[];
            Condition?: object;
        }[];
        assert.deepEqual(
            statements.map(({ Sid, Resource, Condition }) => [Sid, Resource, Condition]),
            [
                [
                    "Snapshots",
                    [
                        CLUSTER,
                        "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:*",
                        "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:awsbackup:*",
                    ],
                    undefined,
                ],
                ["Vaults", [vaultArn("us-east-1"), vaultArn("eu-west-1")], undefined],
                ["Keys", [CLUSTER_KEY, keyArn("us-east-1"), keyArn("eu-west-1")], undefined],
                [
                    "KeysForSnapshots",
                    [CLUSTER_KEY, keyArn("us-east-1"), keyArn("eu-west-1")],
                    { Bool: { "kms:GrantIsForAWSResource": "true" } },
                ],
            ],
        );
        const actions = statements.flatMap(({ Action }) => Action);
        assert.deepEqual(
            actions.filter((action) => /\*|Restore|DeleteDBCluster$|PutBackup/.test(action)),
            [],
        );
    });

    it("locks both vaults in a way that can be taken back, only where asked", async () => {
        const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
        assert.deepEqual(
            recording
                .of(LOCK)
                .map(({ name, inputs }) => [
                    name,
                    inputs.region,
                    inputs.minRetentionDays,
                    inputs.changeableForDays,
                ]),
            [
                ["recovery-us-east-1-vault-lock", "us-east-1", 30, undefined],
                ["recovery-eu-west-1-vault-lock", "eu-west-1", 60, undefined],
            ],
        );
        assert.deepEqual(names((await recordPlan({ lock: VaultLock.None })).resources, LOCK), []);
    });

    it("tells operators of a failure in words", () => {
        const rule = recording.one(
            "aws:cloudwatch/eventRule:EventRule",
            "recovery-us-east-1-backup-failed",
        );
        assert.deepEqual(JSON.parse(String(rule.inputs.eventPattern)), {
            source: ["aws.backup"],
            "detail-type": ["Backup Job State Change", "Copy Job State Change"],
            detail: {
                state: ["FAILED", "ABORTED", "EXPIRED", "PARTIAL"],
                $or: [
                    { backupVaultArn: [vaultArn("us-east-1")] },
                    { sourceBackupVaultArn: [vaultArn("us-east-1")] },
                ],
            },
        });
        const target = recording.one("aws:cloudwatch/eventTarget:EventTarget");
        assert.equal(target.inputs.arn, "arn:aws:sns:us-east-1:123456789012:ops");
    });

    it("refuses a copy beside the backup, nothing to back up and days that AWS does not take", async () => {
        await assert.rejects(
            recordPlan({ copyRegion: "us-east-1", resources: {}, keepDays: 0, copyDays: 40_000 }),
            (error: Error) => {
                assert.deepEqual(
                    error.message
                        .split("\n")
                        .map((line) => line.replace(/^recovery: /, "").split(" ")[0]),
                    ["copyRegion", "resources", "keepDays", "copyDays"],
                );
                return true;
            },
        );
    });
});

describe("the alarms of RecoveryPlan", () => {
    const HOUR = 3600;
    const UNTIL = 100 * HOUR;

    /** A rule's matches, one by one. */
    const matches = (alarm: object, hours: readonly number[]): RecordedMetric[] => {
        const { namespace, metricName, dimensions, statistic } = alarm as RecordedMetric & {
            statistic: string;
        };
        return [
            {
                namespace,
                metricName,
                dimensions,
                statistic,
                samples: hours.map((hour) => ({ timeSeconds: hour * HOUR, value: 1 })),
            } as unknown as RecordedMetric,
        ];
    };
    const byKind = async () =>
        Object.fromEntries(alarmsOf(await recordPlan()).map((alarm) => [kindOf(alarm), alarm]));

    it("are two, which tell operators", async () => {
        const alarms = await byKind();
        assert.deepEqual(Object.keys(alarms).sort(), [
            "BackupFailed-Warning",
            "BackupMissing-Warning",
        ]);
        for (const { alarmActions } of Object.values(alarms)) {
            assert.deepEqual(alarmActions, ["arn:aws:sns:us-east-1:123456789012:ops"]);
        }
    });

    it("say at once that a job failed, and are quiet while none does", async () => {
        const { "BackupFailed-Warning": alarm } = await byKind();
        const run = (hours: number[]) =>
            replay(alarm!, matches(alarm!, hours), { untilSeconds: UNTIL });
        assert.deepEqual(
            run([]).map(({ state }) => state),
            ["OK"],
        );
        const [, alarmed] = run([29]);
        assert.equal(alarmed?.state, "ALARM");
        assert.ok(alarmed.timeSeconds <= 29 * HOUR + 300);
    });

    it("are quiet while a copy arrives every day, however late in its window, and not when one stays away", async () => {
        const { "BackupMissing-Warning": alarm } = await byKind();
        const run = (hours: number[]) =>
            replay(alarm!, matches(alarm!, hours), { untilSeconds: UNTIL });
        // At five, a little past it, and six hours later.
        const daily = run([0.5, 24.2, 53.9, 77.5]);
        assert.deepEqual(
            daily.map(({ state }) => state).filter((state) => state === "ALARM"),
            [],
        );
        const missed = run([0.5, 29]).find(({ state }) => state === "ALARM");
        assert.ok(missed !== undefined && missed.timeSeconds >= 59 * HOUR, JSON.stringify(missed));
        assert.ok(missed.timeSeconds <= 63 * HOUR, JSON.stringify(missed));
        assert.equal(run([]).at(-1)?.state, "ALARM");
    });
});
