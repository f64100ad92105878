const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");

const config = new pulumi.Config();
const password = config.requireSecret("password");
const database = config.requireSecretObject("database");
const own = pulumi.secret("correct-horse-battery");
own.apply((text) => console.log(`the secret is ${text}!`));
new random.RandomPet("pet", {
    prefix: pulumi.interpolate`${password}-x`,
    keepers: { own, user: database.user },
});
exports.password = password;
exports.length = password.apply((text) => text.length);
exports.limits = config.requireObject("limits");
exports.region = config.require("region");
exports.replicas = config.requireNumber("replicas");
exports.aws = new pulumi.Config("aws").require("region");
exports.copied = "plain correct-horse-battery copy";
// Written in two pieces, as a pipe may deliver any text.
setTimeout(() => {
    process.stdout.write("correct-horse-");
    setTimeout(() => process.stdout.write("battery again\n"), 100);
}, 100);
exports.declared = config.require("token");
