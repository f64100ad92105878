import type { Construct } from "constructs";
export const TYPES: Record<string, ((scope: Construct, id: string, place: { region: string; i: number }) => unknown) | undefined>;
