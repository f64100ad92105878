/**
 * Tells whether a name was invalidated while something read or loaded it.
 * An invalidation can arrive between a reply and its use; a ticket opened before the request remembers it.
 */
export class Tickets {
    /** The newest ticket of each name; it knows the one before it. */
    private readonly open = new Map<string, Ticket>();
    private readonly waiters = new Map<string, Set<() => void>>();

    /** Opens a ticket; close it when the value is in place or dropped. */
    take(name: string): Ticket {
        const ticket = new Ticket(this.open, name);
        this.open.set(name, ticket);
        return ticket;
    }

    /** The name changed: its tickets are void, its waiters wake. */
    void(name: string): void {
        voidFrom(this.open.get(name));
        for (const wake of this.waiters.get(name) ?? []) wake();
    }

    /** Anything may have changed. */
    voidAll(): void {
        for (const newest of this.open.values()) voidFrom(newest);
        for (const set of this.waiters.values()) for (const wake of set) wake();
    }

    /** Resolves when the name changes, or after `ms`. */
    changed(name: string, ms: number): Promise<void> {
        return new Promise((resolve) => {
            let set = this.waiters.get(name);
            if (!set) this.waiters.set(name, (set = new Set()));
            const wake = () => {
                clearTimeout(timer);
                set.delete(wake);
                if (set.size === 0 && this.waiters.get(name) === set) this.waiters.delete(name);
                resolve();
            };
            const timer = setTimeout(wake, ms);
            set.add(wake);
        });
    }
}

/** One read or load under way, in a chain with the others of its name. */
export class Ticket {
    valid = true;
    older: Ticket | undefined;
    private newer: Ticket | undefined;

    constructor(
        private readonly open: Map<string, Ticket>,
        private readonly name: string,
    ) {
        this.older = open.get(name);
        if (this.older) this.older.newer = this;
    }

    /** Ends it, once; the others of its name go on. */
    close(): void {
        if (this.older) this.older.newer = this.newer;
        if (this.newer) this.newer.older = this.older;
        else if (this.older) this.open.set(this.name, this.older);
        else this.open.delete(this.name);
    }
}

function voidFrom(newest: Ticket | undefined): void {
    for (let ticket = newest; ticket; ticket = ticket.older) ticket.valid = false;
}
