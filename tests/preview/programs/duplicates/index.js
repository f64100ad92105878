const random = require("@pulumi/random");
new random.RandomPet("pet");
new random.RandomPet("pet");
new random.RandomId("pet", { byteLength: 4 });
