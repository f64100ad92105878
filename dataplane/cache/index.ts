export { httpLoader, type HttpLoaderOptions } from "./http-loader";
export {
    BYTES,
    json,
    type CacheOptions,
    type Codec,
    type EntryOptions,
    type LoadContext,
    type Loaded,
    type Loader,
} from "./options";
export { RemoteAway } from "./remote";
export { TieredCache } from "./tiered-cache";
