/** Real servers for tests: on loopback, on free ports, in directories of their own. */
export { type Binary, type BinaryName, serverBinary, whyNoServer } from "./install";
export { freeNodePorts, freePort } from "./ports";
export { type ClusterOptions, startCluster, type TestCluster } from "./cluster";
export { CutProxy } from "./cut-proxy";
export {
    type ProcessOptions,
    removeTemporaryDirectory,
    ServerProcess,
    temporaryDirectory,
} from "./process";
export {
    type RedisKind,
    type RedisOptions,
    RedisServer,
    startRedis,
    startServer,
    startValkey,
    type TestClient,
} from "./redis";
export { FakeLogCaster, type LogCasterFault } from "./logcaster";
export {
    checkConfig,
    engineOf,
    get,
    nginxBuild,
    type ProxyBinary,
    proxyDirectory,
    ProxyServerProcess,
    renderFor,
    startProxy,
} from "./proxies";
export { FakeAutoScaling, type FakeInstance } from "./auto-scaling";
export { FakeNameServer } from "./name-server";
