/** HAProxy's and NGINX's configuration from one specification, on EC2 and on Kubernetes alike. */
export { PROXY_DEFAULTS } from "./defaults";
export { renderHaproxy } from "./haproxy";
export { renderNginx } from "./nginx";
export {
    type BalanceMethod,
    type NginxBuild,
    type PerSourceLimit,
    type ProxyBackends,
    type ProxyCheck,
    ProxyEngine,
    type ProxyListener,
    type ProxyServer,
    type ProxySpec,
    runtimeSocketOf,
    stateFileOf,
} from "./spec";
export { proxyProblems, ProxySpecError, type ProxyTarget } from "./validate";
export { due, excess, imbalance, type RebalanceOptions, type Shed } from "./rebalance";
export {
    planSlots,
    type ProxyBackend,
    type ProxySlot,
    type SlotPlan,
    type SlotStep,
} from "./slots";
