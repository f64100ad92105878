import { PolicyPack, remediateResourceOfType } from "@pulumi/policy";
import * as random from "@pulumi/random";

new PolicyPack("source-rules", {
    enforcementLevel: "remediate",
    policies: [
        {
            name: "long-passwords",
            description: "Makes every password 32 characters long.",
            remediateResource: remediateResourceOfType(random.RandomPassword, (props) =>
                (props.length as number) < 32 ? { ...props, length: 32 } : undefined,
            ),
        },
    ],
});
