import { AwsModel } from "./aws/model";
import { KubernetesModel } from "./kubernetes/model";
import type { Model } from "./model";
import { RandomModel } from "./random/model";

/** The version of an installed Pulumi SDK, which is also the version of the provider it wants. */
function versionOf(name: string): string {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- read at run time, by name
    return (require(`@pulumi/${name}/package.json`) as { version: string }).version;
}

/** The stand-ins by the name of the provider they stand in for. */
export const MODELS = {
    aws: (): Model => new AwsModel(versionOf("aws")),
    kubernetes: (): Model => new KubernetesModel(versionOf("kubernetes")),
    random: (): Model => new RandomModel(versionOf("random")),
};

export type ProviderName = keyof typeof MODELS;
