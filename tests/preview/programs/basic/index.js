const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");

class Site extends pulumi.ComponentResource {
    constructor(name, args, opts) {
        super("basic:index:Site", name, args, opts);
        this.password = new random.RandomPassword(
            `${name}-password`,
            { length: args.length },
            { parent: this },
        );
        this.length = this.password.length;
        this.registerOutputs({ length: this.length });
    }
}

const site = new Site("site", { length: 16 });
new random.RandomPet("pet", { prefix: pulumi.secret("hunter2-token") });
exports.length = site.length;
exports.password = site.password.result;
exports.id = site.password.id;
