import { strict as assert } from "node:assert";
import { ownNode } from "../../../dataplane/migrate/cluster";
import { handOver } from "../../../dataplane/migrate/cluster-epoch";
import { join } from "../../../dataplane/migrate/cluster-form";
import { Connection } from "../../../dataplane/router/connection";
import { type RedisKind, type RedisServer, startServer, whyNoServer } from "../../servers";
import { skip } from "../../skip";

const SHORTLY_MS = 200;
const PATIENTLY_MS = 30_000;

for (const kind of ["valkey", "redis"] as RedisKind[]) {
    describe(`who ranks above whom in a ${kind} cluster`, function () {
        this.timeout(90_000);
        let servers: RedisServer[];
        let members: Connection[];
        let [source, target]: Connection[] = [];

        const epochs = () =>
            Promise.all(members.map(async (member) => (await ownNode(member)).configEpoch));
        /** Three nodes that do not know each other yet, with these configuration epochs. */
        async function startNodes(given: readonly number[]): Promise<void> {
            servers = await Promise.all(given.map(() => startServer(kind, { cluster: true })));
            members = servers.map(({ url }) => new Connection({ url }));
            [source, target] = members;
            for (const [index, epoch] of given.entries()) {
                await members[index]!.call("CLUSTER", "SET-CONFIG-EPOCH", String(epoch));
            }
        }

        before(async function () {
            const reason = await whyNoServer(kind === "valkey" ? "valkey-server" : "redis-server");
            if (reason) skip(this, reason);
        });
        afterEach(async () => {
            for (const member of members) member.close();
            await Promise.all(servers.map((server) => server.dispose()));
        });

        /** Whether slots may change hands from the first node to the second. */
        async function mayHandOver(agreeMs: number): Promise<boolean> {
            let isDone = false;
            const change = async () => void (isDone = true);
            const inTurn = <T>(action: () => Promise<T>) => action();
            await handOver(source!, target!, { members, agreeMs, inTurn }, change).catch(
                (error: Error) => {
                    assert.match(error.message, /did not get a higher configuration epoch/);
                    assert.equal(isDone, false);
                },
            );
            return isDone;
        }

        it("waits for a target that has not heard of the source's epoch, and raises it above", async () => {
            await startNodes([7, 3, 2]);
            assert.equal(await mayHandOver(SHORTLY_MS), false);
            assert.deepEqual(await epochs(), [7, 3, 2]);
            await join(members, PATIENTLY_MS);
            assert.equal(await mayHandOver(PATIENTLY_MS), true);
            assert.deepEqual(await epochs(), [7, 8, 2]);
        });

        it("waits until no other node shares the source's epoch, which it would then raise itself", async () => {
            await startNodes([7, 9, 7]);
            assert.equal(await mayHandOver(SHORTLY_MS), false);
            await join(members, PATIENTLY_MS);
            assert.equal(await mayHandOver(PATIENTLY_MS), true);
            const [from, to, other] = await epochs();
            assert.ok(to! > from! && from !== other, `${from}, ${to}, ${other}`);
        });

        it("raises nobody while two nodes claim a slot, until the one with the lower epoch has given way", async () => {
            await startNodes([5, 4, 7]);
            for (const index of [1, 2]) await members[index]!.call("CLUSTER", "ADDSLOTS", "100");
            assert.equal(await mayHandOver(SHORTLY_MS), false);
            assert.deepEqual(await epochs(), [5, 4, 7]);
            await join(members, PATIENTLY_MS);
            assert.equal(await mayHandOver(PATIENTLY_MS), true);
            assert.deepEqual((await ownNode(target!)).slots, []);
            assert.deepEqual((await ownNode(members[2]!)).slots, [[100, 100]]);
        });

        it("changes no epoch where the target ranks above already", async () => {
            await startNodes([7, 9, 2]);
            assert.equal(await mayHandOver(SHORTLY_MS), true);
            assert.deepEqual(await epochs(), [7, 9, 2]);
        });
    });
}
