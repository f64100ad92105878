const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const pet = new random.RandomPet("pet");
exports.name = pulumi.runtime.call(
    "random:index/randomPet:RandomPet/rename",
    { __self__: pet },
    pet,
);
