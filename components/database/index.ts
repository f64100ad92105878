export {
    type DatabaseConnection,
    type DatabaseReadersArgs,
    type DatabaseRegionArgs,
    type GlobalDatabaseArgs,
} from "./args";
export { GlobalDatabase } from "./global-database";
