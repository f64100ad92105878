const random = require("@pulumi/random");
const pet = new random.RandomPet("pet", { length: 2 });
pet.length.apply(() => {
    throw new Error("thrown in an apply");
});
