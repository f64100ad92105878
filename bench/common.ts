/** Previews a project and a policy pack without what we set to be fast: the peer "started the common way" of bench/preview.ts. */
import { previewPlan } from "logcaster-preview";

const [cwd = "", policyPack = "", policyConfig = ""] = process.argv.slice(2);

void previewPlan({
    cwd,
    stack: "prod",
    policyPacks: [policyPack],
    policyConfig,
    tuned: false,
}).then(({ exitCode, text }) => {
    console.log(text);
    process.exitCode = exitCode;
});
