import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An instance as the fake API shows it. */
export interface FakeInstance {
    readonly id: string;
    readonly address: string;
    readonly lifecycle?: string;
    readonly health?: string;
}

/**
 * A fake of the two calls that the proxy agent makes, over the real protocol: DescribeAutoScalingGroups and
 * DescribeInstances (by the filter instance-id). AWS clients find it by AWS_ENDPOINT_URL.
 */
export class FakeAutoScaling {
    instances: FakeInstance[] = [];
    /** Answer 500 to everything. */
    isAway = false;
    /** Actions, in order. */
    readonly calls: string[] = [];

    private constructor(
        readonly group: string,
        private readonly server: Server,
    ) {}

    static async start(group: string): Promise<FakeAutoScaling> {
        const server = createServer((request, response) => {
            let body = "";
            request.on("data", (data) => (body += String(data)));
            request.on("end", () => {
                const answer = fake.isAway ? undefined : fake.answer(new URLSearchParams(body));
                response.writeHead(answer ? 200 : 500, { "content-type": "text/xml" });
                response.end(answer ?? "<Error><Code>InternalFailure</Code></Error>");
            });
        });
        const fake = new FakeAutoScaling(group, server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return fake;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** What an AWS client needs to come here. */
    get env(): Readonly<Record<string, string>> {
        return {
            AWS_ENDPOINT_URL: this.url,
            AWS_ACCESS_KEY_ID: "none",
            AWS_SECRET_ACCESS_KEY: "none",
            AWS_MAX_ATTEMPTS: "1",
        };
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise<void>((resolve) => this.server.close(() => resolve()));
    }

    private answer(query: URLSearchParams): string {
        const action = query.get("Action") ?? "";
        this.calls.push(action);
        if (action === "DescribeInstances") {
            const asked = [...query].flatMap(([key, value]) =>
                key.startsWith("Filter.1.Value.") ? [value] : [],
            );
            const found = this.instances.filter(({ id }) => asked.includes(id));
            return `<DescribeInstancesResponse><reservationSet>${found
                .map(
                    ({ id, address }) =>
                        `<item><instancesSet><item><instanceId>${id}</instanceId><privateIpAddress>${address}</privateIpAddress></item></instancesSet></item>`,
                )
                .join("")}</reservationSet></DescribeInstancesResponse>`;
        }
        const isMine = query.get("AutoScalingGroupNames.member.1") === this.group;
        const members = this.instances
            .map(
                ({ id, lifecycle = "InService", health = "Healthy" }) =>
                    `<member><InstanceId>${id}</InstanceId><LifecycleState>${lifecycle}</LifecycleState><HealthStatus>${health}</HealthStatus></member>`,
            )
            .join("");
        return `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups>${
            isMine
                ? `<member><AutoScalingGroupName>${this.group}</AutoScalingGroupName><Instances>${members}</Instances></member>`
                : ""
        }</AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`;
    }
}
