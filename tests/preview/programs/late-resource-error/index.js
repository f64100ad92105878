const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const pet = new random.RandomPet("pet", { length: 2 });
pet.length.apply((length) => {
    throw new pulumi.ResourceError(`length is ${length}, at least 3 is needed`, pet, true);
});
