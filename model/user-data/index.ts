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
export {
    NGINX_CONFIG_FILE,
    PROXY_CONFIG_FILE,
    PROXY_DIR,
    type ProxyUserData,
    renderProxyUserData,
} from "./proxy";
export { DRAIN_TIMING, renderServiceUserData, type ServiceUserData } from "./service";
