const pulumi = require("@pulumi/pulumi");
throw new pulumi.InputPropertiesError({
    message: "two inputs are wrong",
    errors: [
        { propertyPath: "a.b", reason: "is missing" },
        { propertyPath: "c", reason: "is negative" },
    ],
});
