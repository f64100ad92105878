import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Tickets, type Ticket } from "../../../dataplane/cache/tickets";

describe("tickets of reads and loads", () => {
    it("are void exactly when their name changed while they were open, in whatever order they end", () => {
        const step = fc.record({
            what: fc.constantFrom("take", "close", "void", "voidAll"),
            name: fc.constantFrom("a", "b"),
            which: fc.nat(20),
        });
        fc.assert(
            fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
                const tickets = new Tickets();
                const open: { ticket: Ticket; name: string; isVoid: boolean }[] = [];
                const closed: typeof open = [];
                for (const { what, name, which } of steps) {
                    if (what === "take") {
                        open.push({ ticket: tickets.take(name), name, isVoid: false });
                    } else if (what === "close") {
                        if (open.length === 0) continue;
                        const [ended] = open.splice(which % open.length, 1);
                        ended!.ticket.close();
                        closed.push(ended!);
                    } else {
                        if (what === "void") tickets.void(name);
                        else tickets.voidAll();
                        for (const one of open) {
                            if (what === "voidAll" || one.name === name) one.isVoid = true;
                        }
                    }
                }
                for (const { ticket, isVoid } of [...open, ...closed]) {
                    assert.equal(ticket.valid, !isVoid);
                }
            }),
        );
    });

    it("wake who waits for a change, and nobody else", async () => {
        const tickets = new Tickets();
        const woken: string[] = [];
        const waiting = ["a", "b"].map((name) =>
            tickets.changed(name, 60_000).then(() => woken.push(name)),
        );
        tickets.void("a");
        await waiting[0];
        assert.deepEqual(woken, ["a"]);
        tickets.voidAll();
        await waiting[1];
        assert.deepEqual(woken, ["a", "b"]);
    });
});
