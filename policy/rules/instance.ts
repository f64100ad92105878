/** How an instance starts, whether by template, configuration or itself. */
import { NOT_APPLICABLE, atMost, isTrue, wrong, type Resource, type Verdict } from "./rule";
import { LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE, VOLUME } from "./types";

/** The union of what templates, configurations and instances say; each says some of it. */
interface InstanceSource {
    readonly metadataOptions?: {
        readonly httpEndpoint?: string;
        readonly httpTokens?: string;
        readonly httpPutResponseHopLimit?: number;
    };
    readonly blockDeviceMappings?: readonly {
        readonly deviceName?: string;
        readonly noDevice?: string;
        readonly virtualName?: string;
        readonly ebs?: { readonly encrypted?: string | boolean };
    }[];
    readonly rootBlockDevice?: { readonly encrypted?: boolean };
    readonly ebsBlockDevices?: readonly {
        readonly deviceName?: string;
        readonly encrypted?: boolean;
    }[];
    /** Of a volume. */
    readonly encrypted?: boolean;
    readonly userData?: string;
    readonly userDataBase64?: string;
    readonly networkInterfaces?: readonly {
        readonly associatePublicIpAddress?: string | boolean;
    }[];
    readonly associatePublicIpAddress?: boolean;
    readonly monitoring?: boolean | { readonly enabled?: boolean };
    readonly enableMonitoring?: boolean;
}

/** AWS's default where the property is left out. */
const DEFAULT_HOP_LIMIT = 1;

export function* imdsv2({ props }: Resource<InstanceSource>): Verdict {
    const metadata = props.metadataOptions;
    if (metadata?.httpEndpoint === "disabled") return NOT_APPLICABLE;
    if (metadata?.httpTokens !== "required") {
        yield wrong("metadataOptions.httpTokens", metadata?.httpTokens, "required");
    }
}

export function* metadataHops(
    { props }: Resource<InstanceSource>,
    { maxHops }: { maxHops: number },
): Verdict {
    const metadata = props.metadataOptions;
    if (metadata?.httpEndpoint === "disabled") return NOT_APPLICABLE;
    yield* atMost(
        "metadataOptions.httpPutResponseHopLimit",
        metadata?.httpPutResponseHopLimit ?? DEFAULT_HOP_LIMIT,
        maxHops,
        "maxHops",
    );
}

export function* volumesEncrypted({ type, props }: Resource<InstanceSource>): Verdict {
    if (VOLUME.includes(type)) {
        if (!isTrue(props.encrypted)) yield wrong("encrypted", props.encrypted, "true");
        return;
    }
    if (!LAUNCH_TEMPLATE.includes(type)) {
        const root = props.rootBlockDevice?.encrypted;
        if (!isTrue(root)) yield wrong("rootBlockDevice.encrypted", root, "true");
        for (const { deviceName, encrypted } of props.ebsBlockDevices ?? []) {
            if (!isTrue(encrypted)) yield wrong(`${deviceName}'s encrypted`, encrypted, "true");
        }
        return;
    }
    const volumes = (props.blockDeviceMappings ?? []).filter(
        (device) => device.noDevice === undefined && device.virtualName === undefined,
    );
    if (volumes.length === 0) {
        yield "blockDeviceMappings name no volume, so the image decides whether it is encrypted";
    }
    for (const { deviceName, ebs } of volumes) {
        if (!isTrue(ebs?.encrypted))
            yield wrong(`${deviceName}'s encrypted`, ebs?.encrypted, "true");
    }
}

/** What a secret looks like. The name is printed, never what matched. */
const SECRETS: readonly (readonly [name: string, shape: RegExp])[] = [
    ["an AWS access key id", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
    ["an AWS secret access key", /aws_?secret_?access_?key\W{1,5}[A-Za-z0-9/+=]{40}/i],
    ["a private key", /-----BEGIN (\w+ )*PRIVATE KEY-----/],
    [
        "a token",
        /\b(ghp_[A-Za-z0-9]{36}|xox[abp]-[A-Za-z0-9-]{10,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})/,
    ],
    [
        "a password",
        /(password|passwd|secret|token|api_?key)["']?\s*[=:]\s*["']?(?![$<{(]|\s|["'])[^\s"']{8,}/i,
    ],
    ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@$]+:[^\s@/$]{3,}@/i],
];

export function* noSecretInUserData({ props }: Resource<InstanceSource>): Verdict {
    const data = props.userData ?? props.userDataBase64;
    if (!data) return NOT_APPLICABLE;
    const lines = plain(data).split("\n");
    for (const [name, shape] of SECRETS) {
        const line = lines.findIndex((words) => shape.test(words));
        if (line >= 0) yield `line ${line + 1} of the user data looks like ${name}`;
    }
}

/** User data may be given as it is or in base64. */
function plain(data: string): string {
    const compact = data.replace(/\s/g, "");
    const encoded = /^[A-Za-z0-9+/]+={0,2}$/.test(compact) && compact.length % 4 === 0;
    return encoded ? Buffer.from(compact, "base64").toString("utf8") : data;
}

export function* noPublicAddress({ props }: Resource<InstanceSource>): Verdict {
    if (isTrue(props.associatePublicIpAddress)) {
        yield wrong("associatePublicIpAddress", true, "false");
    }
    const cards = props.networkInterfaces ?? [];
    if (cards.some((card) => isTrue(card.associatePublicIpAddress))) {
        yield wrong("networkInterfaces' associatePublicIpAddress", true, "false");
    }
}

export function* detailedMonitoring({ type, props }: Resource<InstanceSource>): Verdict {
    if (LAUNCH_CONFIGURATION.includes(type)) {
        /** Left out, AWS switches it on. */
        if (props.enableMonitoring === false) yield wrong("enableMonitoring", false, "true");
        return;
    }
    const { monitoring } = props;
    const enabled = typeof monitoring === "object" ? monitoring.enabled : monitoring;
    if (!isTrue(enabled)) yield wrong("monitoring", enabled, "true");
}
