import assert from "node:assert/strict";
import { containsUnknown, secret, SecretMask, UNKNOWN } from "logcaster-preview/values";

describe("property values", () => {
    it("hides a secret as a whole and every copy of it in other texts", () => {
        const mask = new SecretMask();
        mask.learn({ a: [{ b: secret("s3cr.t*") }] });
        assert.deepEqual(mask.value({ a: secret({ deep: 1 }), b: ["xs3cr.t*y", 5, null] }), {
            a: "[secret]",
            b: ["x[secret]y", 5, null],
        });
    });

    it("hides the JSON, URL and base64 forms of a secret", () => {
        const mask = new SecretMask();
        mask.learn(secret('say "no"/now'));
        const base64 = Buffer.from('say "no"/now').toString("base64");
        assert.equal(
            mask.text(`say \\"no\\"/now say%20%22no%22%2Fnow ${base64} say no`),
            "[secret] [secret] [secret] say no",
        );
    });

    it("hides the longer of two secrets first, so that no tail of it stays", () => {
        const mask = new SecretMask();
        mask.learn(secret(["horse", "horse-battery"]));
        assert.equal(mask.text("horse-battery"), "[secret]");
    });

    it("does not hide texts too short to be told from any other, nor the unknown", () => {
        const mask = new SecretMask();
        mask.learn(secret(["a", "no", UNKNOWN]));
        assert.equal(mask.text(`a no ${UNKNOWN}`), `a no ${UNKNOWN}`);
    });

    it("hides numbers that are secret", () => {
        const mask = new SecretMask();
        mask.learn(secret(123456));
        assert.equal(mask.text("the pin is 123456"), "the pin is [secret]");
    });

    it("finds an unknown inside secrets, lists and longer texts", () => {
        assert.equal(containsUnknown({ a: [secret(UNKNOWN)] }), true);
        assert.equal(containsUnknown(`https://${UNKNOWN}/`), true);
        assert.equal(containsUnknown({ a: [1, "b", null] }), false);
    });

    it("wraps a secret once", () => {
        assert.deepEqual(secret(secret("x")), secret("x"));
    });
});
