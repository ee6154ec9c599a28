/** Each fixture through the codec: both ways, cut short, drawn out, and among other bytes. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALL_VERSIONS, parseVersionRange, type Version, versionName } from "../../src/base/index.js";
import { messages, replies, requests } from "../../src/codec/gen/decode/index.js";
import { readSchemas, type Union, type UnionCase } from "../../src/schema/index.js";
import { actionFixtures, fixtures } from "../fixtures/fixtures.js";
import { decode, decodeOrRefuse, encodeJson, parseExact, patched, printExact } from "./support.js";

describe.each(fixtures.map((one) => [one.title, one] as const))("%s", (_title, fixture) => {
  const { bytes, json, unchecked, loose, packets } = fixture;

  it("decodes to its JSON", () => {
    const text = decode(bytes, packets);
    expect(parseExact(text)).toEqual(json);
    expect(printExact(parseExact(text))).toBe(printExact(json));
  });

  it(loose ? "encodes to bytes that say the same" : "encodes to its bytes", () => {
    const again = encodeJson(printExact(json), { unchecked });
    if (loose) expect(decode(Buffer.from(again, "hex"), packets)).toBe(decode(bytes, packets));
    else expect(again).toBe(bytes.toString("hex"));
  });

  it("is refused or is another message wherever it is cut", () => {
    for (let length = 8; length < bytes.length; length++) checkAny(patched(bytes.subarray(0, length)));
  });

  it("is refused or is another message with zeros behind it", () => {
    for (let zeros = 1; zeros <= 8; zeros++) checkAny(patched(Buffer.concat([bytes, Buffer.alloc(zeros)])));
  });

  it("does not see the bytes around it, whole or cut", () => {
    for (let length = 8; length <= bytes.length; length++) {
      const frame = patched(bytes.subarray(0, length));
      const around = Buffer.alloc(length + 96, 0xee);
      around.set(frame, 32);
      expect(decodeOrRefuse(around.subarray(32, 32 + length), packets)).toBe(decodeOrRefuse(frame, packets));
    }
  });
});

describe.each(actionFixtures.map((one) => [one.title, one] as const))(
  "%s",
  (_title, { version, bytes, json }) => {
    it.each(parseVersionRange(version) ?? [])("is read and written in version %i", (wire) => {
      const frame = packetOut(wire, bytes);
      const text = decode(frame);
      expect(parseExact(text)).toHaveProperty("msg.actions", [json]);
      expect(encodeJson(text)).toBe(frame.toString("hex"));
      expect(
        encodeJson(`{"type":"PACKET_OUT","xid":0,"version":${wire},"msg":{"actions":[${printExact(json)}]}}`),
      ).toBe(frame.toString("hex"));
    });

    it("is refused or is another action wherever it is cut", () => {
      for (let length = 0; length < bytes.length; length++) checkAny(packetOut(4, bytes.subarray(0, length)));
    });
  },
);

/** A PACKET_OUT with these actions, from the controller and without data. */
function packetOut(version: number, actions: Buffer): Buffer {
  const frame = Buffer.alloc(version === 1 ? 16 : 24);
  frame[0] = version;
  frame[1] = 13;
  frame.writeUInt32BE(0xffffffff, 8);
  if (version === 1) {
    frame.writeUInt16BE(0xfffd, 12);
    frame.writeUInt16BE(actions.length, 14);
    return patched(Buffer.concat([frame, actions]));
  }
  if (version < 6) {
    frame.writeUInt32BE(0xfffffffd, 12);
    frame.writeUInt16BE(actions.length, 16);
    return patched(Buffer.concat([frame, actions]));
  }
  frame.writeUInt16BE(actions.length, 12);
  const match = Buffer.from("0001000c80000004fffffffd00000000", "hex");
  return patched(Buffer.concat([frame.subarray(0, 16), match, actions]));
}

/** What is demanded of the codec for a frame that is whole by its header: no, or JSON which becomes a frame that says the same. */
function checkAny(frame: Buffer): void {
  const text = decodeOrRefuse(frame);
  if (text === undefined) return;
  const again = Buffer.from(encodeJson(text, { unchecked: true }), "hex");
  expect(decode(again), frame.toString("hex")).toBe(text);
}

const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));

describe("the fixtures", () => {
  it("need each decoder of a body, in some version", () => {
    const given = new Set(
      fixtures.map(({ json }) => `${(json as JsonObject).version} ${(json as JsonObject).type}`),
    );
    const needed = new Set<unknown>();
    const names = new Map<unknown, string>();
    for (const table of [messages, requests, replies]) {
      for (const [version, entries] of table.entries()) {
        for (const { name, decode: decoder } of entries.values()) {
          if (given.has(`${version} ${name}`)) needed.add(decoder);
          if (!names.has(decoder)) names.set(decoder, `${name} of wire version ${version}`);
        }
      }
    }
    expect(names.size).toBeGreaterThan(150);
    expect([...names].filter(([decoder]) => !needed.has(decoder)).map(([, name]) => name)).toEqual([]);
  });
});

const unions = [...model.definitions.values()].flatMap((d) => (d.kind === "union" ? [d.name] : []));

describe.each(ALL_VERSIONS)("the fixtures of wire version %i", (wire) => {
  const objects = objectsOf(wire);

  it("have each type of message and multipart", () => {
    const types = new Set(objects.map((one) => one.type));
    const names = [messages, requests, replies].flatMap((table) =>
      [...(table[wire]?.values() ?? [])].map(({ name }) => name),
    );
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !types.has(name))).toEqual([]);
  });

  it("have each type of error", () => {
    const types = new Set(objects.map((one) => one.type));
    const errors = model.definitions.get("ErrorType");
    const names = errors?.kind === "enum" ? [...errors.values] : [];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter(([name, values]) => values[wire] !== undefined && !types.has(name))).toEqual([]);
  });

  it.each(unions)("have each case of %s", (name) => {
    const union = model.definitions.get(name) as Union;
    const cases = union.cases.filter((one) => one.type[wire] !== undefined);
    const lacking = cases.filter((one) => !objects.some((object) => shows(union, one, object)));
    expect(lacking.map((one) => one.name)).toEqual([]);
  });
});

type JsonObject = Readonly<Record<string, unknown>>;

/** All objects inside the JSON of the fixtures that a version has. */
function objectsOf(wire: Version): JsonObject[] {
  const found: JsonObject[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value)) found.push(value as JsonObject);
    Object.values(value).forEach(walk);
  };
  for (const one of fixtures) if (one.version === versionName(wire)) walk(one.json);
  for (const one of actionFixtures) if (parseVersionRange(one.version)?.includes(wire)) walk(one.json);
  return found;
}

/** Whether an object is what a case of a union prints: by its tag, by newer names for it, or as keys of their own. */
function shows(union: Union, one: UnionCase, object: JsonObject): boolean {
  if (one.as.length > 0) {
    return one.as.every(({ key, value }) =>
      typeof value === "string"
        ? object[key] === value
        : [...value.values()].some((name) => object[key] === name),
    );
  }
  const tag = object[union.tag];
  if (typeof tag === "string" && (one.tagForm ? tag.startsWith(`${one.name}.`) : tag === one.name))
    return true;
  const struct = one.struct === undefined ? undefined : model.definitions.get(one.struct);
  if (struct?.kind === "struct" && one.struct !== "ExperimenterProperty")
    return struct.json.every(({ name }) => object[name] !== undefined);
  return one.json.length > 0 && one.json.every(({ name }) => saysMore(object[name]));
}

/** Whether a value is more than what a property prints that is not there. */
function saysMore(value: unknown): boolean {
  return value !== undefined && value !== 0xffff && (!Array.isArray(value) || value.length > 0);
}
