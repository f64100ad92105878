import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { httpLoader } from "../../../dataplane/cache";

describe("httpLoader", () => {
    let answer: (request: IncomingMessage, response: ServerResponse) => void;
    const server = createServer((request, response) => answer(request, response));
    let origin: string;
    before((done) => {
        server.listen(0, "127.0.0.1", () => {
            origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
            done();
        });
    });
    after((done) => {
        server.close(done);
        server.closeAllConnections();
    });

    const context = { signal: new AbortController().signal };

    async function lifetime(headers: Record<string, string>) {
        answer = (_, response) => response.writeHead(200, headers).end("body");
        const { ttlMs, staleMs } = await httpLoader({ origin })("k", context);
        return { ttlMs, staleMs };
    }

    it("reads a key's path and answers bytes and ETag", async () => {
        let path: string | undefined;
        answer = (request, response) => {
            path = request.url;
            response.writeHead(200, { etag: '"1"' }).end(Buffer.from([0, 255, 10]));
        };
        const loaded = await httpLoader({ origin })("a/b c", context);
        assert.equal(path, "/a%2Fb%20c");
        assert.deepEqual(loaded, { value: Buffer.from([0, 255, 10]), etag: '"1"' });
    });

    it("honours Cache-Control and Age", async () => {
        const cases: [Record<string, string>, object][] = [
            [{}, { ttlMs: undefined, staleMs: undefined }],
            [{ "cache-control": "max-age=60" }, { ttlMs: 60_000, staleMs: undefined }],
            [
                { "cache-control": "max-age=60", age: "45" },
                { ttlMs: 15_000, staleMs: undefined },
            ],
            [
                { "cache-control": "max-age=60", age: "90" },
                { ttlMs: 0, staleMs: undefined },
            ],
            [{ "cache-control": "max-age=60, s-maxage=5" }, { ttlMs: 5_000, staleMs: undefined }],
            [
                { "cache-control": "max-age=1, stale-while-revalidate=9" },
                { ttlMs: 1_000, staleMs: 9_000 },
            ],
            [{ "cache-control": "no-store" }, { ttlMs: 0, staleMs: undefined }],
            [{ "cache-control": "private, max-age=60" }, { ttlMs: 0, staleMs: undefined }],
        ];
        for (const [headers, expected] of cases) {
            assert.deepEqual(await lifetime(headers), expected, JSON.stringify(headers));
        }
    });

    it("asks with the ETag it has, and keeps the value that has not changed", async () => {
        answer = (request, response) => {
            const same = request.headers["if-none-match"] === '"1"';
            response.writeHead(same ? 304 : 200, { "cache-control": "max-age=7" }).end();
        };
        const value = Buffer.from("known");
        const previous = { value, etag: '"1"' };
        assert.deepEqual(await httpLoader({ origin })("k", { ...context, previous }), {
            value,
            etag: '"1"',
            ttlMs: 7_000,
        });
    });

    for (const status of [404, 410]) {
        it(`takes ${status} for: there is no such thing`, async () => {
            answer = (_, response) => response.writeHead(status).end();
            assert.deepEqual(await httpLoader({ origin })("k", context), { value: undefined });
        });
    }

    it("fails on any other answer, and on a body over its bound", async () => {
        answer = (_, response) => response.writeHead(500).end();
        await assert.rejects(httpLoader({ origin })("k", context), /\/k answered 500/);
        answer = (_, response) => response.writeHead(200).end(Buffer.alloc(2000));
        await assert.rejects(
            httpLoader({ origin, maxBytes: 1000 })("k", context),
            /more than 1000 bytes/,
        );
    });
});
