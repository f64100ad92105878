import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import {
    RUNTIME_PARAMETER,
    runtimeConfig,
    runtimeConfigText,
} from "logcaster-model/runtime-config";
import type { RedisEndpointArgs, RuntimeConfigArgs } from "./args";

/**
 * Tells the instances of a region, as one SSM parameter, where Redis and the database are, how keys map to partitions and
 * which secrets to fetch. Nothing in it is secret: credentials are references to Secrets Manager.
 *
 * **Cost**: nothing: a standard parameter is free; the secrets it refers to cost 0.40 USD each a month with their makers.
 * **Limits**: 4 KB a standard parameter (the document takes about 1.5); 40 reads a second in an account and region.
 */
export class RuntimeConfig extends pulumi.ComponentResource {
    /** The document, as text: what pods mount. */
    readonly document: pulumi.Output<string>;
    /** The path whose `runtime` parameter holds the document. */
    readonly parameterPath: pulumi.Output<string>;
    /** The parameters an instance reads, exactly. */
    readonly parameterArns: pulumi.Output<string[]>;
    /** The secrets an instance reads, exactly. */
    readonly secretArns: pulumi.Output<string[]>;

    constructor(name: string, args: RuntimeConfigArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:RuntimeConfig", name, {}, opts);
        const { region, environment, regionRole } = args;
        const path = parameterPath(environment, region);
        const document = pulumi
            .all([
                source(args.store),
                source(args.cache),
                pulumi.output(args.database),
                pulumi.output(args.shared),
            ])
            .apply(([store, cache, database, shared]) =>
                runtimeConfig({ environment, region, regionRole, store, cache, shared, database }),
            );
        const parameter = new ssm.Parameter(
            `${name}-runtime`,
            {
                region,
                // Instances know the path from their user data before the parameter exists.
                name: `${path}/${RUNTIME_PARAMETER}`,
                description: "What LogCaster's instances read at boot (docs/runtime-config.md)",
                type: "String",
                // Not a secret, so that a preview shows what changes; "insecure" is the provider's word for that.
                insecureValue: document.apply(runtimeConfigText),
                tags: { Name: name, "logcaster:component": "runtime-config" },
            },
            { parent: this },
        );

        this.document = document.apply(runtimeConfigText);
        this.parameterPath = pulumi.output(path);
        this.parameterArns = pulumi.output([parameter.arn]);
        this.secretArns = document.apply(({ secrets }) => Object.values(secrets));
        this.registerOutputs({
            document: this.document,
            parameterPath: this.parameterPath,
            parameterArns: this.parameterArns,
            secretArns: this.secretArns,
        });
    }
}

/** The path of a region's parameters. */
export function parameterPath(environment: string, region: string): string {
    return `/logcaster/${environment}/${region}`;
}

/** The fields of the document alone: what is passed may be a component, which is no plain value. */
function source(args: RedisEndpointArgs) {
    const { endpoint, port, credentialSecretArns, activeUser, partitionScheme } = args;
    return pulumi.output({ endpoint, port, credentialSecretArns, activeUser, partitionScheme });
}
