const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const pet = new random.RandomPet("pet");
throw new pulumi.ResourceError("the pet is too small", pet, true);
