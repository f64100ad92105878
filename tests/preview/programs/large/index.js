const random = require("@pulumi/random");
for (let i = 0; i < 300; i++)
    new random.RandomPet(`pet-${i}`, { length: 2, keepers: { text: "x".repeat(500) } });
