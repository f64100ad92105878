/** What an Aurora PostgreSQL global database takes: aws-rules.ts says where it is documented. */

/** Majors whose every minor version takes part in a global database and forwards writes. */
export const ENGINE_VERSION = /^(16|17)\.\d+$/;

/** Memory-optimised classes from the fifth generation on, of size large or more. */
export const INSTANCE_CLASS = /^db\.(r[5-9]\w*|x\d\w*)\.\d*x?large$/;

/** Name of the first database, as PostgreSQL takes it unquoted. */
export const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Family of the cluster parameter group of a version. */
export const parameterGroupFamily = (version: string): string =>
    `aurora-postgresql${version.split(".")[0]}`;
