const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");

class Cluster extends pulumi.ComponentResource {
    constructor(name, args) {
        super("elsewhere:index:Cluster", name, { ...args, endpoint: undefined }, {}, true);
    }
}
const cluster = new Cluster("cluster", { size: 3 });
new random.RandomPet("pet", { prefix: cluster.endpoint });
exports.endpoint = cluster.endpoint;
