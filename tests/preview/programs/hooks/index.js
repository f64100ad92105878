const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const hook = new pulumi.ResourceHook("announce", () => console.log("ran"), { onDryRun: true });
new random.RandomPet("pet", {}, { hooks: { beforeCreate: [hook] } });
