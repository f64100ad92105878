import { join } from "node:path";
import { previewPlan, type PreviewOptions, type PreviewResult } from "logcaster-preview";

/** The directory of a small program under tests/preview/programs. */
export function programDirectory(name: string): string {
    return join(__dirname, "programs", name);
}

/** Previews one of the small programs. */
export function preview(
    name: string,
    options: Partial<PreviewOptions> = {},
): Promise<PreviewResult> {
    return previewPlan({ cwd: programDirectory(name), stack: "dev", ...options });
}

/** The errors of a preview, each as its message. */
export function errorsOf({ diagnostics }: PreviewResult): string[] {
    return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

/** The resource with this name; there must be exactly one. */
export function resource({ plan }: PreviewResult, name: string) {
    const found = plan.steps.filter(({ urn }) => urn.endsWith(`::${name}`));
    if (found.length !== 1) throw new Error(`${found.length} resources are named ${name}`);
    return found[0]!;
}

/** The stack's outputs. */
export function outputsOf(result: PreviewResult) {
    return result.plan.steps.find(({ newState }) => newState.type === "pulumi:pulumi:Stack")!
        .newState.outputs;
}
