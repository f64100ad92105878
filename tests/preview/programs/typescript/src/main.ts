import * as random from "@pulumi/random";

// An exported function is run, as the CLI runs it; what it returns are the outputs.
export = async () => {
    const pet = new random.RandomPet("pet", { length: Number("2") });
    return {
        length: pet.length,
        flags: process.execArgv.filter((flag) => flag === "--no-deprecation"),
    };
};
