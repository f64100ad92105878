/** Writes docs/configuration.md from the settings' schema: `npm run docs`. A test checks that it is fresh. */
import { LIMITS, allowed, type LimitId } from "logcaster-model/limits";
import { SECRETS, settingsSchema } from "logcaster-model/settings";
import { z } from "zod";

interface Node {
    type?: string;
    description?: string;
    default?: unknown;
    enum?: unknown[];
    says?: string;
    limit?: LimitId;
    properties?: Record<string, Node>;
    additionalProperties?: Node | false;
    items?: Node;
    required?: string[];
}

interface Row {
    path: string;
    type: string;
    fallback: string;
    takes: string;
    description: string;
}

const PREAMBLE = `# Configuration

Every setting of a stack, made from the schema in \`model/settings\` by \`npm run docs\`. Settings live in \`Pulumi.<stack>.yaml\` under the
namespace \`logcaster:\`; \`pulumi config set --path 'logcaster:scaling.max' 10\` writes one. A mistake is refused before anything
is planned: exit code 2 of the preview, and one line a mistake with its path, the value, what is allowed and why.

\`<region>\` is a region's name, such as \`us-east-1\`; \`[]\` stands for each entry of a list. Where the default is empty, the setting is required
unless it says optional.
`;

const CHANGES = `## How a change reaches AWS

| change | what happens |
| --- | --- |
| \`scaling.min\`, \`scaling.max\` | the group's bounds change at once; while a schedule is on, it owns the minimum, and the next scheduled action applies the new one |
| \`regions.<region>.desired\` | counts at creation only: scaling owns the number afterwards |
| \`scaling.tier\`, \`service.image\`, \`regions.<region>.imageId\` | a new version of the launch template and an instance refresh that rolls back by itself when new instances fail |
| \`redis.*.shards\`, \`copies\`, \`nodeType\` | an online change of the cluster; never a replacement. While its auto scaling is on, AWS owns the counts |
| \`regions.<region>.zones\` | adding one adds subnets; no other zone's block moves |
| \`redis.partitions\` | fixed at creation |

## Finding a machine image

\`aws ssm get-parameter --region <region> --name /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 --query Parameter.Value\`
prints the newest Amazon Linux 2023 image of a region. It is written down as an id, not looked up: a plan must not change because a day has passed, and automatic
rollback of an instance refresh is not available for an image by parameter.
`;

/** The whole page. */
export function configurationPage(): string {
    const root = z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as Node;
    const sections = Object.entries(root.properties ?? {}).map(([key, node]) => {
        const rows = rowsOf(key, node, root.required?.includes(key) ?? false);
        return `## ${key}\n\n${node.description && rows.length > 1 ? `${node.description}\n\n` : ""}${table(rows)}`;
    });
    const secrets = Object.entries(SECRETS).map(
        ([name, { description }]) =>
            `| \`${name}\` | ${description} | \`pulumi config set --secret ${name}\` |`,
    );
    return [
        PREAMBLE,
        ...sections,
        `## Secrets\n\nEach is a top-level key of its own, refused in plain text.\n\n| key | what | how |\n| --- | --- | --- |\n${secrets.join("\n")}\n`,
        CHANGES,
    ].join("\n");
}

function rowsOf(path: string, node: Node, required: boolean): Row[] {
    if (node.properties) {
        return Object.entries(node.properties).flatMap(([key, child]) =>
            rowsOf(`${path}.${key}`, child, node.required?.includes(key) ?? false),
        );
    }
    if (node.type === "object" && node.additionalProperties) {
        const children = rowsOf(
            `${path}.<${path === "regions" ? "region" : "zone"}>`,
            node.additionalProperties,
            true,
        );
        return path === "regions"
            ? children
            : children.map((row) => ({ ...row, description: node.description ?? row.description }));
    }
    if (node.type === "array" && node.items?.properties) {
        const list = row(path, node, required);
        return [{ ...list, type: "list" }, ...rowsOf(`${path}[]`, node.items, true)];
    }
    return [row(path, node, required)];
}

function row(path: string, node: Node, required: boolean): Row {
    const text =
        node.default === undefined
            ? required
                ? ""
                : "optional"
            : `\`${JSON.stringify(node.default)}\``;
    return {
        path,
        type: node.type ?? "string",
        fallback: text,
        takes: takes(node),
        description: node.description ?? "",
    };
}

function takes(node: Node): string {
    if (node.enum) return node.enum.map((word) => `\`${String(word)}\``).join(", ");
    if (node.limit) {
        const { min, max, oneOf } = allowed(node.limit);
        return `${oneOf ? oneOf.join(", ") : `${min} to ${max}`} ${LIMITS[node.limit].unit}`;
    }
    if (node.type === "boolean") return "`true`, `false`";
    const { says } = node.items ?? node;
    return (says ?? "").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function table(rows: readonly Row[]): string {
    const lines = rows.map(
        (r) => `| \`${r.path}\` | ${r.type} | ${r.fallback} | ${r.takes} | ${r.description} |`,
    );
    return `| setting | type | default | takes | what it is |\n| --- | --- | --- | --- | --- |\n${lines.join("\n")}\n`;
}
