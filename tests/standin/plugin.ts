// What launch.cjs bundles.
export { MODELS } from "./models";
export { runPlugin } from "./serve";
