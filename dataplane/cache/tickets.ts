/**
 * Tells whether a name was invalidated while something read or loaded it.
 * An invalidation can arrive between a reply and its use; a ticket opened before the request remembers it.
 */
export class Tickets {
    private readonly open = new Map<string, Set<Ticket>>();
    private readonly waiters = new Map<string, Set<() => void>>();

    /** Opens a ticket; close it when the value is in place or dropped. */
    take(name: string): Ticket {
        const ticket = new Ticket(() => {
            const set = this.open.get(name);
            set?.delete(ticket);
            if (set?.size === 0) this.open.delete(name);
        });
        let set = this.open.get(name);
        if (!set) this.open.set(name, (set = new Set()));
        set.add(ticket);
        return ticket;
    }

    /** The name changed: its tickets are void, its waiters wake. */
    void(name: string): void {
        for (const ticket of this.open.get(name) ?? []) ticket.valid = false;
        for (const wake of this.waiters.get(name) ?? []) wake();
    }

    /** Anything may have changed. */
    voidAll(): void {
        for (const set of this.open.values()) for (const ticket of set) ticket.valid = false;
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

export class Ticket {
    valid = true;

    constructor(readonly close: () => void) {}
}
