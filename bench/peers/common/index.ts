import * as aws from "@pulumi/aws";

// Programs commonly import the whole SDK; using one value of it loads it all.
void aws.config.region;

export * from "../../../index";
