import type { PropertyChange } from "../diff";
import { hex } from "../model";
import type { Json, JsonObject } from "../wire";

/** The account of the simulated cloud. */
export const ACCOUNT = "123456789012";

/** What a row's functions get to know about a resource. */
export interface Made {
    /** Inputs without secret wrappers. */
    inputs: JsonObject;
    /** The logical name. */
    logical: string;
    /** The value of the autonamed property, or the logical name where there is none. */
    name: string;
    region: string;
    /** The id, once there is one. */
    id: string;
}

/** How one property gets a name when the program gives none. */
export interface Autoname {
    property: string;
    /** The longest name the service takes; a longer logical name is an error, as it is in reality. */
    maxLength: number;
    lowercase?: true;
    prefix?: string;
    /** A property that, if true, gives the name the suffix `.fifo`. */
    fifo?: string;
}

/**
 * One type of the AWS provider. Facts are those of the Terraform AWS provider and its Pulumi bridge:
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs and
 * https://www.pulumi.com/registry/packages/aws/api-docs/
 */
export interface Row {
    /** Absent: `name`, up to 255 characters, if it is an optional argument. */
    autoname?: Autoname;
    /** Property paths whose change replaces the resource, besides `region`. */
    replaces: readonly string[];
    /** Further paths that replace only under conditions. */
    replacesWhen?: (
        before: JsonObject,
        after: JsonObject,
        found: readonly PropertyChange[],
    ) => string[];
    /** Inputs that the provider fills in at check. */
    defaults?: JsonObject;
    /** Inputs that tell two resources of one name apart; given, the name must be unique among them. */
    unique?: readonly string[];
    id: (made: Made) => string;
    /** What the cloud fills in; called at creation, and at an update for what is not known yet. */
    outputs?: (made: Made) => JsonObject;
    /** What the cloud fills in inside of what the program gives, by property; kept as it is once it is there. */
    inside?: (made: Made) => Readonly<Record<string, JsonObject>>;
    /** What the cloud changes on an update. */
    onUpdate?: (made: Made, prior: JsonObject, found: readonly PropertyChange[]) => JsonObject;
    /** Outputs that a preview of an update cannot know. */
    unknownOnUpdate?: (found: readonly PropertyChange[]) => string[];
}

export type Rows = Readonly<Record<string, Row>>;

export function arn(service: string, made: Pick<Made, "region">, resource: string): string {
    return `arn:aws:${service}:${made.region}:${ACCOUNT}:${resource}`;
}

export function globalArn(service: string, resource: string): string {
    return `arn:aws:${service}::${ACCOUNT}:${resource}`;
}

/** An id such as `vpc-0a1b...`, 17 hexadecimal digits as EC2 makes them. */
export function ec2Id(prefix: string): string {
    return `${prefix}-0${hex(16)}`;
}

export function uuid(): string {
    return [8, 4, 4, 4, 12].map(hex).join("-");
}

export function string(value: Json | undefined): string {
    return typeof value === "string" ? value : value === undefined ? "" : String(value);
}

export function number(value: Json | undefined, otherwise: number): number {
    return typeof value === "number" ? value : otherwise;
}

/** `us-east-1` as `use1`, the way ElastiCache and RDS endpoints spell it. */
export function shortRegion(region: string): string {
    const [area = "", place = "", digit = ""] = region.split("-");
    const compass: Record<string, string> = {
        northeast: "ne",
        northwest: "nw",
        southeast: "se",
        southwest: "sw",
    };
    return `${area}${compass[place] ?? place.slice(0, 1)}${digit}`;
}
