/** What one measurement contributes to docs/benchmarks.md. */
export interface Section {
    readonly title: string;
    /** Markdown: what was measured against what, in one run, the table, and where we lose and why. */
    readonly text: string;
}

/** A markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The middle value; of an even number of values the lower of the two. */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[(sorted.length - 1) >> 1] ?? NaN;
}
