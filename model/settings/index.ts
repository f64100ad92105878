export { fleetNameOf, sharedRedisSecondaries } from "./members";
export { SettingsError, type Problem } from "./problem";
export { parseSettings, SECRETS, type SecretName, type SecretState } from "./parse";
export { settingsSchema, type RegionSettings, type ScalingSettings, type Settings } from "./schema";
