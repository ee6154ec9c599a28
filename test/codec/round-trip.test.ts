/** Arbitrary messages, made from the schema, through the codec: value to bytes to JSON to bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { versionName } from "../../src/base/index.js";
import { messageKinds, messageOf } from "./arbitrary.js";
import { decode, encodeJson, parseExact, printExact } from "./support.js";

/** Messages per type and version; many when searching. */
const RUNS = process.env.OFTR_FUZZ === "1" ? 400 : 25;

const kinds = messageKinds.map((kind) => [kind.name, versionName(kind.version as 1), kind] as const);

describe.each(kinds)("%s of OpenFlow %s", (_name, _version, kind) => {
  const message = messageOf(kind);

  it("comes back, byte for byte and key for key", () => {
    fc.assert(
      fc.property(message, (value) => {
        const bytes = encodeJson(printExact(value), { unchecked: true });
        const text = decode(Buffer.from(bytes, "hex"));
        expect(encodeJson(text, { unchecked: true })).toBe(bytes);
        // The header of a HELLO may say all that its versions do.
        if (kind.name !== "HELLO") expectSaid(parseExact(text), value, "");
      }),
      { numRuns: RUNS },
    );
  });
});

/** Demands that `shown` says all that `given` does; keys that say nothing may be left out. */
function expectSaid(shown: unknown, given: unknown, path: string): void {
  if (Array.isArray(given)) {
    expect(Array.isArray(shown), path).toBe(true);
    const list = shown as unknown[];
    for (const [i, one] of given.entries()) expectSaid(list[i], one, `${path}[${i}]`);
    // Fields that are keys of their own come after those of the list.
    if (!isFieldList(list)) expect(list.length, path).toBe(given.length);
    return;
  }
  if (typeof given === "object" && given !== null) {
    expect(shown, path).toBeTypeOf("object");
    const object = shown as Record<string, unknown>;
    for (const [key, one] of Object.entries(given)) {
      if (
        object[key] === undefined &&
        (saysNothing(one) || (key === "in_phy_port" && one === object.in_port))
      )
        continue;
      expectSaid(object[key], one, `${path}.${key}`);
    }
    return;
  }
  if (typeof given === "string" && typeof shown === "string" && isPadded(shown, given)) return;
  expect(shown, path).toBe(given);
}

/** Data at the end of an action is padded with zeros, and nobody knows where it ended. */
function isPadded(shown: string, given: string): boolean {
  return (
    shown.startsWith(given) &&
    shown.length - given.length < 16 &&
    /^[0-9A-F]*$/.test(shown) &&
    /^0+$/.test(shown.slice(given.length))
  );
}

function isFieldList(list: readonly unknown[]): boolean {
  return list.some((one) => typeof one === "object" && one !== null && "field" in one && !("action" in one));
}

function saysNothing(value: unknown): boolean {
  return value === 0 || value === "" || (Array.isArray(value) && value.length === 0);
}
