/** What was given cannot be used: exit 2. */
export class BadInput extends Error {
    override readonly name = "BadInput";
}

/** The work stopped; nothing is lost and the message says how to go on: exit 1. */
export class MigrationStopped extends Error {
    override readonly name = "MigrationStopped";
}

/** Another worker took the unit over: this one leaves it alone. */
export class LeaseLost extends Error {
    override readonly name = "LeaseLost";
}
