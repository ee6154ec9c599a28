/** What is demanded of a message that the schema allows: it comes back from its bytes. */
import { strict as assert } from "node:assert";
import { decode, encodeJson, parseExact, printExact } from "./support.js";

/**
 * Encodes a message, decodes the frame and encodes that again. Throws when the frames differ, or when decoding does not say
 * all that the message does.
 * @returns the frame
 */
export function checkReturned(message: unknown): Buffer {
  const json = printExact(message);
  const bytes = encodeJson(json, { unchecked: true });
  assert.equal(encodeJson(json, { unchecked: true }), bytes, "encoding twice");
  const frame = Buffer.from(bytes, "hex");
  const text = decode(frame);
  assert.equal(encodeJson(text, { unchecked: true }), bytes, text);
  const shown = parseExact(text) as { readonly type: string };
  // The header of a HELLO may say all that its versions do.
  if (shown.type !== "HELLO") checkSaid(shown, message, "");
  return frame;
}

/** Demands that `shown` says all that `given` does; keys that say nothing may be left out. */
function checkSaid(shown: unknown, given: unknown, path: string): void {
  if (Array.isArray(given)) {
    assert(Array.isArray(shown), path);
    const list = shown as unknown[];
    for (const [i, one] of given.entries()) checkSaid(list[i], one, `${path}[${i}]`);
    // Fields that are keys of their own come after those of the list.
    if (!isFieldList(list)) assert.equal(list.length, given.length, path);
    return;
  }
  if (typeof given === "object" && given !== null) {
    assert.equal(typeof shown, "object", path);
    const object = shown as Record<string, unknown>;
    for (const [key, one] of Object.entries(given)) {
      if (
        object[key] === undefined &&
        (saysNothing(one) || (key === "in_phy_port" && one === object.in_port))
      )
        continue;
      checkSaid(object[key], one, `${path}.${key}`);
    }
    return;
  }
  if (typeof given === "string" && typeof shown === "string" && isPadded(shown, given)) return;
  assert.equal(shown, given, path);
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
