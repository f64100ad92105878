import * as random from "@pulumi/random";

const pet = new random.RandomPet("pet", { length: 3 });
await Promise.resolve();
export const length = pet.length;
