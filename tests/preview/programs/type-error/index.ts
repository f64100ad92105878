export const length: number = "three";
