import { murmur3_32 } from "./murmur3";
import { compareNames } from "./table";

/** Points a server has on the ring unless told otherwise: spread within about 10 %. */
const DEFAULT_VIRTUAL_NODES = 160;

/**
 * The consistent-hash ring of murmur3 points `<server>-<n>`, for those who need one. A key belongs
 * to the first point at or after its hash; after the last point the ring wraps to the first. Points
 * that collide belong to the server whose name sorts first, so every process builds the same ring.
 * The partition table balances exactly, moves fewer keys and looks up faster: prefer it.
 */
export class HashRing {
    private readonly points: Uint32Array;
    private readonly servers: readonly string[];

    /** @throws RangeError without servers or without virtual nodes. */
    constructor(servers: readonly string[], virtualNodes = DEFAULT_VIRTUAL_NODES) {
        if (servers.length === 0) throw new RangeError("A ring needs at least 1 server.");
        if (!Number.isSafeInteger(virtualNodes) || virtualNodes < 1) {
            throw new RangeError(`${virtualNodes} virtual nodes given, at least 1 is needed.`);
        }
        const owners = new Map<number, string>();
        for (const server of [...new Set(servers)].sort(compareNames)) {
            for (let index = 0; index < virtualNodes; index++) {
                const point = murmur3_32(`${server}-${index}`);
                if (!owners.has(point)) owners.set(point, server);
            }
        }
        this.points = Uint32Array.from(owners.keys()).sort();
        this.servers = Array.from(this.points, (point) => owners.get(point)!);
    }

    /** The server of a key. */
    serverOf(key: string | Uint8Array): string {
        return this.serverAt(murmur3_32(key));
    }

    /** The server of an unsigned 32-bit hash. */
    serverAt(hash: number): string {
        let low = 0;
        let high = this.points.length;
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.points[middle]! < hash) low = middle + 1;
            else high = middle;
        }
        return this.servers[low === this.servers.length ? 0 : low]!;
    }
}
