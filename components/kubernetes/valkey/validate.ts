import { VALKEY_NAME, VALKEY_NAME_SAYS } from "logcaster-model/limits";
import { refusedImage } from "logcaster-model/registries";
import type { Problem } from "logcaster-model/settings";
import { given } from "../../given";
import { collectProblems } from "../../problems";
import type { ValkeyClusterArgs } from "./args";
import { AppendFsync, VALKEY_DEFAULTS, VALKEY_NUMBERS, ValkeyRole } from "./defaults";

/** The arguments with every default filled in. */
export type ValkeyChoice = ReturnType<typeof choose>;

/** Fills in what was not given. */
export function choose(args: ValkeyClusterArgs) {
    const { role, appendFsync } = VALKEY_DEFAULTS;
    return {
        ...VALKEY_DEFAULTS,
        clientNamespaces: [],
        egress: [],
        ...given(args),
        role: args.role ?? role,
        appendFsync: args.appendFsync ?? appendFsync,
    };
}

/** Every mistake in the arguments. */
export function valkeyProblems(args: ValkeyClusterArgs): Problem[] {
    const choice = choose(args);
    const { found, refuse, within } = collectProblems();
    for (const path of ["namespace", "clusterName"] as const) {
        if (!VALKEY_NAME.test(choice[path])) refuse(path, choice[path], VALKEY_NAME_SAYS);
    }
    const images = { image: choice.image, "metrics.exporterImage": choice.metrics?.exporterImage };
    for (const [path, image] of Object.entries(images)) {
        const allowed = image === undefined ? undefined : refusedImage(image);
        if (allowed) refuse(path, image, allowed);
    }
    const words: [string, string, readonly string[]][] = [
        ["role", choice.role, Object.values(ValkeyRole)],
        ["appendFsync", choice.appendFsync, Object.values(AppendFsync)],
    ];
    for (const [path, value, allowed] of words) {
        if (!allowed.includes(value)) refuse(path, value, allowed.join(" or "));
    }
    for (const path of VALKEY_NUMBERS) within(path, choice[path], `kubernetes.valkey.${path}`);
    return found;
}
