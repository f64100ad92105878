const random = require("@pulumi/random");
function lookUp(table) {
    return table.missing.name;
}
new random.RandomPet("pet");
lookUp({});
