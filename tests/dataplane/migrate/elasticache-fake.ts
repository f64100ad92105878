import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the next request of an action goes wrong. */
export type Mischief =
    | "throttle"
    | "error-500"
    | "busy"
    /** Does it, and hangs up before it answers. */
    | "hang-up-after"
    /** Says yes and does nothing. */
    | "forget"
    /** Begins, and ends with the count it had. */
    | "give-up";

const NAMESPACE = "http://elasticache.amazonaws.com/doc/2015-02-02/";
/** Describe answers that show progress before a resharding ends. */
const BUSY_ANSWERS = 3;

/** A local stand-in for the ElastiCache API: two actions, and every misbehaviour we know of. */
export class ElastiCacheFake {
    readonly modifyRequests: URLSearchParams[] = [];
    private readonly mischief = new Map<string, Mischief[]>();
    private server!: Server;
    private pending: { count: number; answers: number; fails: boolean } | undefined;

    constructor(
        private readonly group: string,
        private count: number,
        /** Moves the slots when the service would. */
        private readonly reshard: (count: number) => Promise<void>,
    ) {}

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async start(): Promise<void> {
        this.server = createServer((request, response) => {
            let body = "";
            request.on("data", (chunk: Buffer) => (body += chunk.toString()));
            request.on("end", () => void this.answer(new URLSearchParams(body), response));
        });
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise<void>((resolve) => this.server.close(() => resolve()));
    }

    /** Lets the next requests of an action go wrong, one each. */
    misbehave(action: "Describe" | "Modify", ...mischief: Mischief[]): void {
        this.mischief.set(action, [...(this.mischief.get(action) ?? []), ...mischief]);
    }

    private async answer(parameters: URLSearchParams, response: ServerResponse): Promise<void> {
        const isModify = parameters.get("Action")!.startsWith("Modify");
        const mischief = this.mischief.get(isModify ? "Modify" : "Describe")?.shift();
        if (mischief === "throttle") return refuse(response, 400, "Throttling", "Rate exceeded");
        if (mischief === "error-500") return refuse(response, 500, "InternalFailure", "Oops");
        if (mischief === "busy") {
            return refuse(response, 400, "InvalidReplicationGroupState", "snapshotting");
        }
        if (parameters.get("ReplicationGroupId") !== this.group) {
            return refuse(
                response,
                404,
                "ReplicationGroupNotFoundFault",
                "ReplicationGroup not found",
            );
        }
        if (isModify) {
            this.modifyRequests.push(parameters);
            if (mischief !== "forget") {
                const count = Number(parameters.get("NodeGroupCount"));
                this.pending = { count, answers: BUSY_ANSWERS, fails: mischief === "give-up" };
            }
            if (mischief === "hang-up-after") return void response.destroy();
            return this.describe(response, "ModifyReplicationGroupShardConfiguration");
        }
        await this.advance();
        this.describe(response, "DescribeReplicationGroups");
    }

    private async advance(): Promise<void> {
        const { pending } = this;
        if (!pending || pending.answers-- > 0) return;
        this.pending = undefined;
        if (pending.fails) return;
        await this.reshard(pending.count);
        this.count = pending.count;
    }

    private describe(response: ServerResponse, action: string): void {
        const groups = Array.from({ length: this.count }, (_, index) => {
            const id = String(index + 1).padStart(4, "0");
            return `<NodeGroup><NodeGroupId>${id}</NodeGroupId></NodeGroup>`;
        });
        const progress = 100 - (this.pending?.answers ?? 0) * 25;
        const pending = this.pending
            ? `<PendingModifiedValues><Resharding><SlotMigration><ProgressPercentage>${progress}</ProgressPercentage></SlotMigration></Resharding></PendingModifiedValues>`
            : "<PendingModifiedValues/>";
        const inner =
            `<ReplicationGroupId>${this.group}</ReplicationGroupId><ClusterEnabled>true</ClusterEnabled>` +
            `<Status>${this.pending ? "modifying" : "available"}</Status>${pending}` +
            `<NodeGroups>${groups.join("")}</NodeGroups>`;
        const isList = action.startsWith("Describe");
        const body = `<ReplicationGroup>${inner}</ReplicationGroup>`;
        send(
            response,
            200,
            `<${action}Response xmlns="${NAMESPACE}"><${action}Result>` +
                (isList ? `<ReplicationGroups>${body}</ReplicationGroups>` : body) +
                `</${action}Result></${action}Response>`,
        );
    }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    send(response, status, `<ErrorResponse xmlns="${NAMESPACE}">${error}</ErrorResponse>`);
}

function send(response: ServerResponse, status: number, body: string): void {
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
}
