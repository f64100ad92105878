/** What every stand-in says when it is configured. */
export function disclaimer(provider: string): string {
    return (
        `Stand-in for the ${provider} provider: it simulates a cloud in $STANDIN_DIR. ` +
        `It proves wiring, not that ${provider} accepts a request.`
    );
}

export function noRow(provider: string, type: string): string {
    return (
        `Stand-in for the ${provider} provider: ${type} has no row in its table; ` +
        `only a change of region or of a fixed name replaces it, and its outputs are placeholders.`
    );
}

export function noFunctions(provider: string, token: string): string {
    return (
        `The stand-in for the ${provider} provider answers no functions, and ${token} was called: ` +
        `pass the value in as a setting.`
    );
}
