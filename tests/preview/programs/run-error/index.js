const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
new random.RandomPet("pet");
throw new pulumi.RunError("scaling.max is 80, at most 50 is allowed");
