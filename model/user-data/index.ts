export {
    type CloudConfig,
    checkedSize,
    MAX_USER_DATA_BYTES,
    type MimePart,
    renderCloudConfig,
    renderMultipart,
    type UserDataFile,
} from "./cloud-config";
export { type HealthAgent, renderHealthAgent } from "./health";
export { type NodeUserData, renderNodeUserData } from "./node";
export { DRAIN_TIMING, renderServiceUserData, type ServiceUserData } from "./service";
