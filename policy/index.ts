import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies";

new PolicyPack("logcaster-scaling", {
    displayName: "LogCaster Scaling",
    description:
        "Capacity, scaling, balancing, sharding, DNS and security of a log-ingest service.",
    provider: "aws",
    tags: ["scaling", "security"],
    policies: POLICIES,
});
