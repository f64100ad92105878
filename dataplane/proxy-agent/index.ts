export { type AgentEvent, type AgentOptions, ProxyAgent, run } from "./agent";
export { HaproxyRuntime, type ProxySession } from "./haproxy";
export { NginxAgent, type NginxAgentOptions } from "./nginx";
export { autoScalingSource, type BackendSource } from "./source";
