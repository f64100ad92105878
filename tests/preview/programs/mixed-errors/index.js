const pulumi = require("@pulumi/pulumi");
Promise.reject(new Error("a failure of another kind"));
throw new pulumi.RunError("bad input");
