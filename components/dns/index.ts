export {
    type AreaArgs,
    type DnsEndpointArgs,
    type DnsHealthChecks,
    type GeoDnsArgs,
    RoutingMode,
} from "./args";
export { GeoDns } from "./geo-dns";
