import * as random from "@pulumi/random";

const lengths: number[] = [3];
const pet = new random.RandomPet("pet", { length: lengths[0] });
export const length = pet.length;
