import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Certificates {
    /** Files of the one certificate: of the servers, of the proxying client, and its own authority. */
    readonly certFile: string;
    readonly keyFile: string;
    readonly pem: string;
    readonly key: string;
    /** Private and public key of service account tokens. */
    readonly tokenKeyFile: string;
    readonly tokenPublicKeyFile: string;
}

/** Writes them into a folder; `names` are the host names the certificate is good for beside loopback. */
export async function writeCertificates(
    folder: string,
    names: readonly string[],
): Promise<Certificates> {
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const hosts = ["DNS:localhost", "IP:127.0.0.1", ...names.map((name) => `DNS:${name}`)];
    await run("openssl", [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...["-days", "2", "-subj", "/CN=logcaster-tests", "-keyout", keyFile, "-out", certFile],
        ...["-addext", `subjectAltName=${hosts.join(",")}`],
        ...["-addext", "extendedKeyUsage=serverAuth,clientAuth"],
    ]);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const tokenKeyFile = join(folder, "tokens.key");
    const tokenPublicKeyFile = join(folder, "tokens.pub");
    await writeFile(tokenKeyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
    await writeFile(tokenPublicKeyFile, publicKey.export({ type: "spki", format: "pem" }));
    return {
        certFile,
        keyFile,
        pem: await readFile(certFile, "utf8"),
        key: await readFile(keyFile, "utf8"),
        tokenKeyFile,
        tokenPublicKeyFile,
    };
}
