/** The formats that EC2 user data comes in, as text. Pure: nothing here knows what is installed. */

/** A file that cloud-init writes before packages are installed. */
export interface UserDataFile {
    readonly path: string;
    /** Octal, four digits. @default 0644 */
    readonly mode?: string;
    readonly content: string;
}

export interface CloudConfig {
    /** Packages of the machine image's own package manager. */
    readonly packages: readonly string[];
    /** A system user, with its numeric id. */
    readonly user: { readonly name: string; readonly uid: number };
    readonly files: readonly UserDataFile[];
    /** Commands of the first boot, in order, each a list of words. */
    readonly commands: readonly (readonly string[])[];
}

/** EC2's limit on user data before it is encoded. */
export const MAX_USER_DATA_BYTES = 16_384;
const LIMIT_URL =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html";

/** Throws an Error when the text is longer than EC2 takes; answers it otherwise. */
export function checkedSize(userData: string): string {
    const bytes = new TextEncoder().encode(userData).length;
    if (bytes > MAX_USER_DATA_BYTES) {
        throw new Error(
            `User data has ${bytes} bytes; EC2 takes at most ${MAX_USER_DATA_BYTES} (${LIMIT_URL}). Bake files into the machine image instead.`,
        );
    }
    return userData;
}

/** A `#cloud-config` document. JSON strings are YAML, so only file contents need a form of their own, the literal block. */
export function renderCloudConfig({ packages, user, files, commands }: CloudConfig): string {
    const text = (value: unknown) => JSON.stringify(value);
    return checkedSize(
        [
            "#cloud-config",
            "users:",
            "  - default",
            `  - {name: ${text(user.name)}, uid: ${user.uid}, system: true, no_create_home: true, shell: /sbin/nologin}`,
            `packages: ${text(packages)}`,
            "write_files:",
            ...files.flatMap(({ path, mode = "0644", content }) => [
                `  - path: ${text(path)}`,
                `    permissions: ${text(mode)}`,
                "    content: |",
                ...literal(content, 6),
            ]),
            "runcmd:",
            ...commands.map((words) => `  - ${text(words)}`),
            "",
        ].join("\n"),
    );
}

/** A part of a multi-part document. */
export interface MimePart {
    readonly type: string;
    readonly content: string;
}

const BOUNDARY = "==LOGCASTER==";

/** A MIME multi-part document, as cloud-init and the EKS node agent take it. */
export function renderMultipart(parts: readonly MimePart[]): string {
    return checkedSize(
        [
            "MIME-Version: 1.0",
            `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
            "",
            ...parts.flatMap(({ type, content }) => [
                `--${BOUNDARY}`,
                `Content-Type: ${type}`,
                "",
                content.replace(/\n$/, ""),
                "",
            ]),
            `--${BOUNDARY}--`,
            "",
        ].join("\n"),
    );
}

function literal(content: string, indent: number): string[] {
    return content
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => (line ? " ".repeat(indent) + line : ""));
}
