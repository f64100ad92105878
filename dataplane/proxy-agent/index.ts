export { type AgentEvent, type AgentOptions, ProxyAgent } from "./agent";
export { HaproxyRuntime, type ProxySession } from "./haproxy";
export { AutoScalingSource, type BackendSource } from "./source";
