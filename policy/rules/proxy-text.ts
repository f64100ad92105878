/** Configurations of proxies that their engine refuses at start, or that serve nobody, whoever wrote them. */
import { known } from "./unknown";
import { NOT_APPLICABLE, type Resource, type Verdict } from "./rule";

interface ConfigMap {
    readonly data?: Readonly<Record<string, string>>;
}

export function* proxiesStart(
    { props }: Resource<ConfigMap>,
    { commercialNginx }: { readonly commercialNginx: boolean },
): Verdict {
    const { data } = props;
    let seen = false;
    let unknown: (() => unknown) | undefined;
    for (const key of Object.keys(data ?? {})) {
        const text = known(() => data![key]);
        if (text === undefined) {
            // Of all the texts in the world, those that are named like a proxy's.
            if (CONFIGURATION.test(key)) unknown ??= () => data![key];
            continue;
        }
        const problems = isHaproxy(text)
            ? haproxyProblems(text)
            : isNginx(text)
              ? nginxProblems(text, commercialNginx)
              : undefined;
        seen ||= problems !== undefined;
        for (const problem of problems ?? []) yield `${key}: ${problem}`;
    }
    /** Reading it again says that it is not known. */
    unknown?.();
    if (!seen) return NOT_APPLICABLE;
}

const CONFIGURATION = /\.(cfg|conf)$/;
const isHaproxy = (text: string) =>
    /^[ \t]*(backend|listen)[ \t]+\S+/m.test(text) &&
    /^[ \t]*(server|server-template)[ \t]/m.test(text);
const isNginx = (text: string) => /\bupstream\s+[^\s{]+\s*\{/.test(text);

const SECTION =
    /^\s*(global|defaults|frontend|backend|listen|resolvers|peers|userlist|cache|mailers|program|ring|http-errors|fcgi-app|crt-store|traces)\b\s*(\S*)/;
const HAPROXY_METHODS =
    /^(roundrobin|static-rr|leastconn|first|source|sticky|hash|log-hash|uri|url_param|hdr\(|random|rdp-cookie)/;
/** RFC 2782: _service._proto.name */
const SRV = /^_[A-Za-z0-9-]{1,62}\._(tcp|udp)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;

interface Section {
    readonly kind: string;
    readonly name: string;
    readonly lines: readonly string[][];
}

/** What HAProxy would refuse, or never send a connection to. */
export function haproxyProblems(text: string): string[] {
    const sections: (Section & { lines: string[][] })[] = [];
    for (const line of text.split("\n")) {
        const words = line.replace(/#.*/, "").trim().split(/\s+/);
        const [, kind, name = ""] = SECTION.exec(line.replace(/#.*/, "")) ?? [];
        if (kind) sections.push({ kind, name, lines: [] });
        else if (words[0]) sections.at(-1)?.lines.push(words);
    }
    const resolvers = sections.filter(({ kind }) => kind === "resolvers").map(({ name }) => name);
    return sections.flatMap((section) => {
        const at = `${section.kind} ${section.name}`.trim();
        return [
            ...section.lines.flatMap((words) => lineProblems(words, resolvers)),
            ...weightProblems(section),
        ].map((problem) => `${at}: ${problem}`);
    });
}

function lineProblems(words: readonly string[], resolvers: readonly string[]): string[] {
    const [keyword, ...rest] = words;
    if (keyword === "nbproc") return ["nbproc is gone since HAProxy 2.5, must be nbthread"];
    if (keyword === "balance" && !HAPROXY_METHODS.test(rest[0] ?? "")) {
        return [
            `balance is ${rest[0] ?? "not set"}, must be a method of HAProxy such as leastconn`,
        ];
    }
    if (keyword !== "server" && keyword !== "server-template") return [];
    const found: string[] = [];
    const section = after(rest, "resolvers");
    if (section !== undefined && !resolvers.includes(section)) {
        found.push(`resolvers is ${section}, must be a section of this configuration`);
    }
    const host = keyword === "server-template" ? rest[2] : undefined;
    if (host !== undefined && !SRV.test(host) && (host.startsWith("_") || !/:\d+$/.test(host))) {
        found.push(
            `the discovery name is ${host}, must be an SRV name such as _line._tcp.service.namespace.svc.cluster.local, or a host and a port`,
        );
    }
    return found;
}

function weightProblems({ lines }: Section): string[] {
    const usual = lines.find(([keyword]) => keyword === "default-server") ?? [];
    const servers = lines.filter(([keyword]) => /^server(-template)?$/.test(keyword ?? ""));
    const weights = servers.map((words) => after(words, "weight") ?? after(usual, "weight"));
    const idle = weights.length > 0 && weights.every((weight) => weight === "0");
    return idle ? ["every server's weight is 0, must be above 0 for one at least"] : [];
}

const after = (words: readonly string[], keyword: string): string | undefined => {
    const at = words.indexOf(keyword);
    return at < 0 ? undefined : words[at + 1];
};

/** Methods that choose a server by themselves, so have no use for one that is kept back. */
const WITHOUT_BACKUP = ["ip_hash", "hash", "random"];
const SUBSCRIPTION = ["least_time", "sticky", "health_check", "ntlm", "queue"];

/** What NGINX would refuse. */
export function nginxProblems(text: string, commercial: boolean): string[] {
    const plain = text.replace(/#.*/g, "");
    const blocks = [...plain.matchAll(/\bupstream\s+([^\s{]+)\s*\{([^}]*)\}/g)];
    return blocks.flatMap(([, name, body]) => {
        const lines = body!.split(";").map((line) => line.trim().split(/\s+/));
        const servers = lines.filter(([keyword]) => keyword === "server");
        const methods = lines.map(([keyword]) => keyword ?? "");
        const found: string[] = [];
        const alone = methods.find((method) => WITHOUT_BACKUP.includes(method));
        if (alone && servers.some((words) => words.includes("backup"))) {
            found.push(
                `the method is ${alone} beside a backup server, must be least_conn or round robin`,
            );
        }
        const weights = servers.map((words) => words.find((word) => word.startsWith("weight=")));
        if (weights.includes("weight=0")) {
            const all = weights.every((weight) => weight === "weight=0");
            found.push(
                `${all ? "every" : "a"} server's weight is 0, must be at least 1, or the server down`,
            );
        }
        for (const words of servers) found.push(...serviceProblems(words, plain));
        if (!commercial) {
            const slow = servers.some((words) =>
                words.some((word) => word.startsWith("slow_start=")),
            );
            const bought = [
                ...methods.filter((m) => SUBSCRIPTION.includes(m)),
                ...(slow ? ["slow_start"] : []),
            ];
            found.push(
                ...bought.map((what) => `${what} needs NGINX's subscription (commercialNginx)`),
            );
        }
        return found.map((problem) => `upstream ${name}: ${problem}`);
    });
}

function serviceProblems(words: readonly string[], text: string): string[] {
    const service = words.find((word) => word.startsWith("service="));
    if (service === undefined) return [];
    const found: string[] = [];
    const name = `${service.slice("service=".length)}.${words[1]}`;
    if (!SRV.test(name)) {
        found.push(
            `the discovery name is ${name}, must be an SRV name such as _line._tcp.service.namespace.svc.cluster.local`,
        );
    }
    if (!words.includes("resolve"))
        found.push("service is set without resolve, which NGINX refuses");
    if (!/\bresolver\s/.test(text)) found.push("resolve is set without a resolver");
    return found;
}
