"use strict";
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("compiled-rules", {
    policies: [
        {
            name: "password-length",
            description: "Passwords are long enough.",
            enforcementLevel: "mandatory",
            severity: "high",
            remediationSteps: "Raise length.",
            url: "https://example.com/password-length",
            configSchema: {
                properties: {
                    minimum: { type: "integer", minimum: 1, default: 12 },
                    note: { type: "string" },
                },
            },
            validateResource: (args, report) => {
                if (args.type !== "random:index/randomPassword:RandomPassword") return;
                const { minimum } = args.getConfig();
                if (args.props.length < minimum) {
                    report(`length is ${args.props.length}, limit ${minimum} (minimum)`);
                }
            },
        },
        {
            name: "prefix-is-shown",
            description: "Tells every prefix, secret or not.",
            enforcementLevel: "advisory",
            validateResource: (args, report) => {
                if (args.props.prefix !== undefined) report(`prefix is <<${args.props.prefix}>>`);
            },
        },
        {
            name: "results-differ",
            description: "Reads what a cloud would compute.",
            enforcementLevel: "mandatory",
            validateStack: (args, report) => {
                for (const resource of args.resources) {
                    if (
                        resource.type === "random:index/randomPassword:RandomPassword" &&
                        resource.props.result === ""
                    ) {
                        report("result is empty", resource.urn);
                    }
                }
            },
        },
        {
            name: "queues-have-arns",
            description: "Every queue has an ARN of its own region.",
            enforcementLevel: "mandatory",
            validateStack: (args, report) => {
                for (const { type, props, urn } of args.resources) {
                    if (
                        type === "aws:sqs/queue:Queue" &&
                        !/^arn:aws:sqs:eu-west-1:\d{12}:/.test(props.arn)
                    ) {
                        report(`arn is ${props.arn}, which is not in eu-west-1`, urn);
                    }
                }
            },
        },
    ],
});
