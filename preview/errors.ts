/** What the user gave cannot be used: exit 2, the message alone is shown. */
export class InputError extends Error {
    override name = "InputError";
}

/** The preview itself cannot go on, through no fault of its input: exit 1, the message alone is shown. */
export class PreviewFailure extends Error {
    override name = "PreviewFailure";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
