import { strict as assert } from "node:assert";
import { ownNode } from "../../../dataplane/migrate/cluster";
import { outrank } from "../../../dataplane/migrate/cluster-epoch";
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

        it("waits for a target that has not heard of the source's epoch, and raises it above", async () => {
            await startNodes([7, 3, 2]);
            await assert.rejects(
                outrank(source!, target!, members, SHORTLY_MS),
                /did not get a higher configuration epoch/,
            );
            assert.deepEqual(await epochs(), [7, 3, 2]);
            await join(members, PATIENTLY_MS);
            await outrank(source!, target!, members, PATIENTLY_MS);
            assert.deepEqual(await epochs(), [7, 8, 2]);
        });

        it("waits until no other node shares the source's epoch, which it would then raise itself", async () => {
            await startNodes([7, 9, 7]);
            await assert.rejects(
                outrank(source!, target!, members, SHORTLY_MS),
                /did not get a higher configuration epoch/,
            );
            await join(members, PATIENTLY_MS);
            await outrank(source!, target!, members, PATIENTLY_MS);
            const [from, to, other] = await epochs();
            assert.ok(to! > from! && from !== other, `${from}, ${to}, ${other}`);
        });

        it("changes nothing where the target ranks above already", async () => {
            await startNodes([7, 9, 2]);
            await outrank(source!, target!, members, SHORTLY_MS);
            assert.deepEqual(await epochs(), [7, 9, 2]);
        });
    });
}
