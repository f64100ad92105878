const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const pet = new random.RandomPet("pet");
pulumi.log.info("walking");
pulumi.log.warn("it barks");
pulumi.log.error("it bit someone", pet);
