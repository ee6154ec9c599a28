/** The codec against messages, texts and malformed bytes that were written out by hand from the specifications. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OftrError } from "../../src/base/index.js";
import { decode, encodeJson, encodeText, parseExact } from "./codec.js";

interface HandMade {
  readonly name: string;
  readonly hex?: string;
  readonly json?: string;
  readonly yaml?: string;
  readonly args?: readonly string[];
  readonly error?: string;
}

describe.each(["1.0", "1.3"])("messages of OpenFlow %s", (version) => {
  it.each(read(`messages-${version}.yaml`))("$name", ({ hex, json = "" }) => {
    const frame = bytesOf(hex);
    const text = decode(frame);
    expect(parseExact(text)).toEqual(parseExact(json));
    expect(encodeJson(text, { unchecked: true })).toBe(frame.toString("hex"));
  });
});

describe("bytes that are no message", () => {
  it.each(read("malformed.yaml"))("$name", ({ hex, error = "" }) => {
    expect(caught(() => decode(bytesOf(hex)))).toContain(error);
  });
});

describe("texts", () => {
  it.each(read("texts.yaml"))("$name", ({ yaml = "", args = [], hex, error }) => {
    if (error === undefined) expect(encodeText(yaml, args)).toBe(bytesOf(hex).toString("hex"));
    else expect(caught(() => encodeText(yaml, args))).toContain(error);
  });
});

function read(file: string): HandMade[] {
  return parse(readFileSync(join(import.meta.dirname, file), "utf8")) as HandMade[];
}

function bytesOf(hex = ""): Buffer {
  return Buffer.from(hex.replace(/#.*|\s/g, ""), "hex");
}

/** The message of the error that `action` must end in, one that the program throws on purpose. */
function caught(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof OftrError) return error.message;
    throw error;
  }
  throw new Error("no error");
}
