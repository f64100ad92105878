const random = require("@pulumi/random");
new random.RandomPet("pet", { prefix: new Promise(() => {}) });
