import { refusedImage } from "logcaster-model/registries";
import type { Problem } from "logcaster-model/settings";
import { given } from "../../given";
import { collectProblems } from "../../problems";
import type { MigrationJobArgs } from "./args";
import { MIGRATION_JOB_BOUNDS, MIGRATION_JOB_DEFAULTS } from "./defaults";

// A pod's host name is the Job's name, a hyphen and its index: 63 characters together.
const JOB_NAME = /^[a-z]([-a-z0-9]{0,58}[a-z0-9])?$/;
const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** The arguments with every default filled in. */
export type MigrationJobChoice = MigrationJobArgs & typeof MIGRATION_JOB_DEFAULTS;

/** Fills in what was not given. */
export function choose(args: MigrationJobArgs): MigrationJobChoice {
    return { ...MIGRATION_JOB_DEFAULTS, ...given(args) } as MigrationJobChoice;
}

/** Every mistake in the arguments. */
export function migrationJobProblems(args: MigrationJobArgs): Problem[] {
    const choice = choose(args);
    const { found, refuse, whole } = collectProblems();
    if (!JOB_NAME.test(choice.jobName)) {
        const allowed =
            "small letters, digits and hyphens, 60 at most, a letter first: a pod's name adds its index";
        refuse("jobName", choice.jobName, allowed);
    }
    const retired = refusedImage(choice.image);
    if (retired) refuse("image", choice.image, retired);
    if (!SECRET_KEY.test(choice.metadataSecretKey)) {
        const allowed = "letters, digits, dots, hyphens and underlines, 253 at most";
        refuse("metadataSecretKey", choice.metadataSecretKey, allowed);
    }
    for (const [path, [min, max]] of Object.entries(MIGRATION_JOB_BOUNDS)) {
        whole(path, choice[path as keyof typeof MIGRATION_JOB_BOUNDS], { min, max });
    }
    return found;
}
