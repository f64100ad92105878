export { murmur3_32 } from "./murmur3";
export { crc16, SLOT_COUNT, slotOf } from "./slots";
export * from "./table";
export * from "./planner";
export { HashRing } from "./ring";
