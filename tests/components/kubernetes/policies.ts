import * as assert from "node:assert/strict";
import { DEFINITIONS } from "../../../policy/policies";
import { TestStack } from "../../policy/stack";
import type { Recording } from "../recorder";

/** Asserts that every policy on Kubernetes is fine with what was recorded, and could judge all of it. */
export function assertFineByPolicies({ resources }: Recording<unknown>): void {
    const stack = new TestStack();
    for (const { type, name, inputs } of resources) stack.add(type, name, inputs);
    for (const { name, rows } of DEFINITIONS) {
        if (!rows.includes("Kubernetes")) continue;
        assert.deepEqual({ name, ...stack.judge(name) }, { name, says: [], unknown: [] });
    }
}
