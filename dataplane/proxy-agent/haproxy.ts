import { rename, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import type { ProxySlot, SlotStep } from "logcaster-model/proxy-config";

/** Bits of srv_admin_state: https://docs.haproxy.org/2.8/management.html#9.3-show%20servers%20state */
const ADMIN = { maintenance: 0x01 | 0x02 | 0x20, drain: 0x08 | 0x10 } as const;
/** srv_op_state of a server that is running. */
const RUNNING = 2;
/** A line has to fit HAProxy's buffer, 16 KiB. */
const COMMANDS_A_LINE = 100;
const SOCKET_TIMEOUT_MS = 5_000;

/** One connection through the proxy. */
export interface ProxySession {
    readonly id: string;
    readonly slot: string;
    /** Since when nothing has moved, either way. */
    readonly quietSeconds: number;
}

/** HAProxy's runtime socket. */
export class HaproxyRuntime {
    constructor(
        private readonly socketPath: string,
        private readonly backend: string,
        /** HAProxy's own `timeout client` and `timeout server` of this backend: it shows what is left of them. */
        private readonly idleTimeoutSeconds: number,
    ) {}

    /** One line, as many commands as it holds; what it answered. Throws where HAProxy is away. */
    command(line: string): Promise<string> {
        return new Promise((resolve, reject) => {
            const socket = connect(this.socketPath);
            const parts: Buffer[] = [];
            socket.setTimeout(SOCKET_TIMEOUT_MS, () =>
                socket.destroy(new Error(`no answer within ${SOCKET_TIMEOUT_MS} ms`)),
            );
            socket.on("connect", () => socket.write(`${line}\n`));
            socket.on("data", (data) => parts.push(data));
            socket.on("error", (error) =>
                reject(new Error(`HAProxy's socket ${this.socketPath}: ${error.message}`)),
            );
            socket.on("end", () => resolve(Buffer.concat(parts).toString()));
        });
    }

    /** The slots as they are. Throws when the backend does not exist. */
    async slots(): Promise<ProxySlot[]> {
        const [state, stat] = [
            await this.command(`show servers state ${this.backend}`),
            await this.command("show stat"),
        ];
        const connections = new Map(
            csv(stat)
                .filter(({ pxname }) => pxname === this.backend)
                .map(({ svname, scur }) => [svname, Number(scur)]),
        );
        const rows = spaced(state);
        if (rows.length === 0) {
            throw new Error(`HAProxy has no backend ${this.backend} with servers: ${state.trim()}`);
        }
        return rows.map((row) => {
            const admin = Number(row.srv_admin_state);
            return {
                name: row.srv_name!,
                address: row.srv_addr!,
                port: Number(row.srv_port),
                state:
                    admin & ADMIN.maintenance
                        ? "empty"
                        : admin & ADMIN.drain
                          ? "draining"
                          : "ready",
                isUp: Number(row.srv_op_state) === RUNNING,
                connections: connections.get(row.srv_name!) ?? 0,
            };
        });
    }

    /** Carries out a step. Throws, with HAProxy's words, when it is refused. */
    async apply(step: SlotStep): Promise<void> {
        const server = `set server ${this.backend}/${step.slot}`;
        if (step.do === "fill") {
            const says = await this.command(`${server} addr ${step.address} port ${step.port}`);
            // HAProxy answers success with words too.
            if (!/changed from|no need to change/i.test(says)) {
                throw new Error(`HAProxy refused ${step.address} in ${step.slot}: ${says.trim()}`);
            }
        }
        const state = { fill: "ready", ready: "ready", drain: "drain", empty: "maint" }[step.do];
        const says = (await this.command(`${server} state ${state}`)).trim();
        if (says) throw new Error(`HAProxy refused ${state} of ${step.slot}: ${says}`);
    }

    /** Every connection of the backend, the one that has been quiet the longest first. */
    async sessions(): Promise<ProxySession[]> {
        const text = await this.command("show sess");
        const sessions = text.split("\n").flatMap((line) => {
            const at = / be=(\S+) srv=(\S+) /.exec(line);
            if (at?.[1] !== this.backend || !at[2] || at[2] === "<none>") return [];
            // 2.6 writes rx=, later versions rex=; whichever side moved last has the most left.
            const left = [...line.matchAll(/\br(?:x|ex)=(\w+)/g)].map((m) => atMostSeconds(m[1]!));
            return [
                {
                    id: line.slice(0, line.indexOf(":")),
                    slot: at[2],
                    quietSeconds: Math.max(0, this.idleTimeoutSeconds - Math.max(0, ...left)),
                },
            ];
        });
        return sessions.sort((a, b) => b.quietSeconds - a.quietSeconds);
    }

    /** Ends connections. */
    async end(ids: readonly string[]): Promise<void> {
        for (let i = 0; i < ids.length; i += COMMANDS_A_LINE) {
            const some = ids.slice(i, i + COMMANDS_A_LINE);
            await this.command(some.map((id) => `shutdown session ${id}`).join("; "));
        }
    }

    /** Writes what a new HAProxy reads at its start: addresses, states and health of every slot. All of it or nothing. */
    async save(stateFile: string): Promise<void> {
        const state = await this.command("show servers state");
        await writeFile(`${stateFile}.new`, state);
        await rename(`${stateFile}.new`, stateFile);
    }
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** HAProxy writes the two largest units, cut off: 59m58s, 1h39m. The most that can have been meant. */
function atMostSeconds(text: string): number {
    const parts = [...text.matchAll(/(\d+)([dhms])/g)];
    const shown = parts.reduce(
        (sum, [, count, unit]) => sum + Number(count) * UNIT_SECONDS[unit!]!,
        0,
    );
    return shown + UNIT_SECONDS[parts.at(-1)?.[2] ?? "s"]! - 1;
}

type Row = Readonly<Record<string, string | undefined>>;

function csv(text: string): Row[] {
    return rows(text, ",");
}

/** `show servers state`: a version, a heading, then rows. */
function spaced(text: string): Row[] {
    return rows(text.slice(text.indexOf("#")), " ");
}

function rows(text: string, separator: string): Row[] {
    const [head = "", ...lines] = text.split("\n").filter(Boolean);
    if (!head.startsWith("# ")) return [];
    const names = head.slice(2).split(separator);
    return lines.map((line) => {
        const cells = line.split(separator);
        return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
    });
}
