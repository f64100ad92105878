import { styleText } from "node:util";
import type { Diagnostic } from "./engine";
import type { PackSummary, Violation } from "./packs";
import type { PlanChange, Plan, PlanStep } from "./plan";
import { nameOf, STACK_TYPE, typeOf } from "./resources";
import { containsUnknown, isObject, SECRET_TEXT, UNKNOWN, type Value } from "./values";

type Style = Parameters<typeof styleText>[0];

/** Paints texts, or leaves them plain. */
export type Paint = (style: Style, text: string) => string;

/** A painter that adds colours only when asked to. */
export function painter(colours: boolean): Paint {
    return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

const OPERATIONS: Record<string, { sign: string; style: Style; verb: string }> = {
    create: { sign: "+", style: "green", verb: "to create" },
    read: { sign: ">", style: "cyan", verb: "to read" },
    import: { sign: "=", style: "green", verb: "to import" },
    update: { sign: "~", style: "yellow", verb: "to update" },
    delete: { sign: "-", style: "red", verb: "to delete" },
    same: { sign: " ", style: "dim", verb: "unchanged" },
};

/** What a preview proves and what it does not, in one sentence under each. */
export const SCOPE_NOTE =
    "This preview asked no cloud: it proves the wiring, the limits and the policies, not that a provider accepts the request.";

/** Everything that a preview prints for people. */
export function previewText(
    plan: Plan,
    view: {
        project: string;
        stack: string;
        packs: PackSummary[];
        paint: Paint;
        failed: boolean;
        up: boolean;
    },
): string {
    const { paint } = view;
    const sections = [
        paint("bold", `Previewing (${view.stack}) of ${view.project}`),
        treeText(plan.steps, paint),
        diagnosticsText(plan.diagnostics, paint),
        violationsText(plan.policyViolations, paint),
        remediationsText(plan, paint),
        policiesText(plan.policyViolations, view.packs, paint),
        view.failed ? "" : outputsText(plan.steps, paint),
        summaryText(plan, paint),
        view.up
            ? paint("dim", "Values that a cloud would compute are plausible stand-ins (--up).")
            : "",
        paint("dim", SCOPE_NOTE),
    ];
    return sections.filter(Boolean).join("\n\n") + "\n";
}

function treeText(steps: PlanStep[], paint: Paint): string {
    const children = new Map<string, PlanStep[]>();
    const urns = new Set(steps.map(({ urn }) => urn));
    for (const step of steps) {
        const parent = step.newState.parent ?? "";
        const under = urns.has(parent) ? parent : "";
        const siblings = children.get(under);
        if (siblings) siblings.push(step);
        else children.set(under, [step]);
    }
    const rows: { sign: string; style: Style; tree: string; name: string }[] = [];
    const walk = (parent: string, indent: string) => {
        const list = children.get(parent) ?? [];
        list.forEach((step, i) => {
            const last = i === list.length - 1;
            const branch = parent === "" ? "" : last ? "└─ " : "├─ ";
            const operation = OPERATIONS[step.op] ?? OPERATIONS["create"]!;
            rows.push({
                ...operation,
                tree: `${indent}${branch}${step.newState.type}`,
                name: nameOf(step.urn),
            });
            walk(step.urn, parent === "" ? "" : `${indent}${last ? "   " : "│  "}`);
        });
    };
    walk("", "");
    const width = Math.max(0, ...rows.map(({ tree }) => tree.length));
    return rows
        .map(({ sign, style, tree, name }) =>
            ` ${paint(style, sign)} ${tree.padEnd(width)}  ${paint("bold", name)}`.trimEnd(),
        )
        .join("\n");
}

function diagnosticsText(diagnostics: Diagnostic[], paint: Paint): string {
    if (diagnostics.length === 0) return "";
    const styles: Record<string, Style> = { error: "red", warning: "yellow" };
    const lines = diagnostics.map(({ severity, message, urn }) => {
        const style = styles[severity];
        const prefix = style ? `${paint(style, severity)}: ` : "";
        const where = urn ? `${typeOf(urn)} (${nameOf(urn)}): ` : "";
        return indent(`${prefix}${where}${message.trimEnd()}`);
    });
    return [paint("bold", "Diagnostics:"), ...lines].join("\n");
}

function violationsText(violations: Violation[], paint: Paint): string {
    if (violations.length === 0) return "";
    const blocks = violations.map((violation) => {
        const level = violation.level === "advisory" ? "advisory" : "mandatory";
        const style = level === "advisory" ? "yellow" : "red";
        const where = `${typeOf(violation.urn)} (${nameOf(violation.urn)})`;
        return [
            `  ${paint(style, `[${level}]`)} ${paint("bold", violation.policy)}  ${where}`,
            indent(violation.message.trim(), 6),
            ...(violation.remedy && !violation.message.includes(violation.remedy.trim())
                ? [indent(`Remedy: ${violation.remedy.trim()}`, 6)]
                : []),
            ...(violation.url ? [indent(`More: ${violation.url}`, 6)] : []),
        ].join("\n");
    });
    return [paint("bold", "Policy violations:"), ...blocks].join("\n");
}

function remediationsText({ policyRemediations }: Plan, paint: Paint): string {
    if (policyRemediations.length === 0) return "";
    const lines = policyRemediations.map(
        ({ policy, urn, description }) =>
            `  ${paint("cyan", "[remediated]")} ${paint("bold", policy)}  ${typeOf(urn)} (${nameOf(urn)})\n` +
            indent(description.trim(), 6),
    );
    return [paint("bold", "Changed by policies:"), ...lines].join("\n");
}

function policiesText(violations: Violation[], packs: PackSummary[], paint: Paint): string {
    if (packs.length === 0) return "";
    const lines = packs.map(({ name, version, policies }) => {
        const own = violations.filter(({ pack }) => pack === name);
        const advisory = own.filter(({ level }) => level === "advisory").length;
        const mandatory = own.length - advisory;
        const result =
            own.length === 0
                ? paint("green", "no violations")
                : [
                      mandatory > 0 ? paint("red", `${mandatory} mandatory`) : "",
                      advisory > 0 ? paint("yellow", `${advisory} advisory`) : "",
                  ]
                      .filter(Boolean)
                      .join(", ");
        return `  ${name}${version ? `@v${version}` : ""}: ${policies} ${policies === 1 ? "policy" : "policies"} ran, ${result}`;
    });
    return [paint("bold", "Policies:"), ...lines].join("\n");
}

function outputsText(steps: PlanStep[], paint: Paint): string {
    const outputs =
        steps.find(({ newState }) => newState.type === STACK_TYPE)?.newState.outputs ?? {};
    const names = Object.keys(outputs);
    if (names.length === 0) return "";
    const width = Math.max(...names.map((name) => name.length));
    const lines = names.map((name) =>
        indent(`${name.padEnd(width)}: ${shown(outputs[name] ?? null)}`),
    );
    return [paint("bold", "Outputs:"), ...lines].join("\n");
}

/** A value as people read it: unknowns named so, objects over several lines. */
export function shown(value: Value): string {
    if (value === UNKNOWN) return "<unknown>";
    if (value === SECRET_TEXT) return SECRET_TEXT;
    if (typeof value === "string") return JSON.stringify(value).replaceAll(UNKNOWN, "<unknown>");
    if (isObject(value) || Array.isArray(value)) {
        const text = JSON.stringify(value, undefined, 2);
        return containsUnknown(value)
            ? text.replaceAll(`"${UNKNOWN}"`, "<unknown>").replaceAll(UNKNOWN, "<unknown>")
            : text;
    }
    return String(value);
}

function summaryText(plan: Plan, paint: Paint): string {
    const counts = Object.entries(plan.changeSummary).map(([op, count]) => {
        const { sign, style, verb } = OPERATIONS[op] ?? OPERATIONS["create"]!;
        return `  ${paint(style, sign)} ${count} ${verb}`;
    });
    return counts.length === 0 ? "" : [paint("bold", "Resources:"), ...counts].join("\n");
}

/** The differences between two plans, for people. */
export function changesText(changes: PlanChange[], paint: Paint): string {
    const lines = changes
        .filter(({ op }) => op !== "same")
        .flatMap(({ op, urn, changes: paths }) => {
            const { sign, style } = OPERATIONS[op]!;
            return [
                ` ${paint(style, sign)} ${typeOf(urn)}  ${paint("bold", nameOf(urn))}`,
                ...paths.map(({ path, from, to }) =>
                    indent(
                        `${path}: ${from === undefined ? "(none)" : shown(from)} => ${to === undefined ? "(none)" : shown(to)}`,
                        5,
                    ),
                ),
            ];
        });
    const counts = new Map<string, number>();
    for (const { op } of changes) counts.set(op, (counts.get(op) ?? 0) + 1);
    const summary = [...counts].map(([op, count]) => `${count} ${OPERATIONS[op]!.verb}`).join(", ");
    return (
        [paint("bold", "Compared with the earlier plan:"), ...lines, `   ${summary}`].join("\n") +
        "\n"
    );
}

function indent(text: string, spaces = 2): string {
    return text.replace(/^(?=.)/gm, " ".repeat(spaces));
}
