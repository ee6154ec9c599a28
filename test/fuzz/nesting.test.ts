import { describe, expect, it } from "vitest";
import { model } from "../codec/arbitrary.js";
import { encodeValue } from "../codec/support.js";
import { checkFrame } from "./oracle.js";
import { decoded } from "./seeds.js";
import { unionOf, walk } from "./walk.js";

/** Depths around the limit, and twice it. */
const DEPTHS = [1, 2, 30, 31, 32, 33, 34, 64];

/** Levels that come out by name; those within are hex. */
const NAMED = 32;

/** The actions of each version that hold actions, with the key of the list. */
const holders = unionOf("Action").cases.flatMap((one) => {
  const key = one.json.find(({ type }) => type?.list && type.name === "Action")?.name;
  return key === undefined
    ? []
    : one.type.flatMap((code, version) => (code ? [{ name: one.name, key, version }] : []));
});

/** The bytes of an action that holds the action `inner`. */
function wrap(name: string, key: string, version: number, inner: Buffer): Buffer {
  const code = `0x${inner.toString("hex", 0, 2).toUpperCase()}`;
  const held = { action: code, data: inner.toString("hex", 4) };
  const msg = { in_port: 1, buffer_id: "NO_BUFFER", actions: [{ action: name, [key]: [held] }], data: "" };
  const frame = Buffer.from(encodeValue({ type: "PACKET_OUT", version, msg }, { unchecked: true }), "hex");
  const start = walk(frame).find((site) => site.name === `Action.${name}.$type`);
  return frame.subarray(start?.at);
}

/** A PACKET_OUT of a version with one action. */
function packetOut(version: number, action: Buffer): Buffer {
  const actions = [{ action: `0x${action.toString("hex", 0, 2)}`, data: action.toString("hex", 4) }];
  const msg = { in_port: 1, buffer_id: "NO_BUFFER", actions, data: "" };
  return Buffer.from(encodeValue({ type: "PACKET_OUT", version, msg }, { unchecked: true }), "hex");
}

describe("actions that hold actions", () => {
  it("are some", () => {
    expect(new Set(holders.map(({ name }) => name))).toEqual(new Set(["NX_CT", "NX_CLONE"]));
  });

  it.each(holders)(
    "$name of wire version $version keep their bytes at any depth",
    ({ name, key, version }) => {
      const exit = Buffer.from("ffff00100000232000110000 00000000".replace(" ", ""), "hex");
      let action: Buffer = exit;
      for (let depth = 1; depth <= Math.max(...DEPTHS); depth++) {
        action = wrap(name, key, version, action);
        if (!DEPTHS.includes(depth)) continue;
        const frame = packetOut(version, action);
        expect(checkFrame(frame)).toBe(true);
        const named = decoded(frame)?.split(`"action":"${name}"`).length ?? 0;
        expect(named - 1).toBe(Math.min(depth, NAMED));
      }
    },
  );
});

describe("messages that hold messages", () => {
  const holds = [...model.definitions.values()].filter((d) => d.kind === "message" && hasMessage(d.json));

  it("are some", () => {
    expect(holds.map(({ name }) => name)).toEqual([
      "BUNDLE_ADD_MESSAGE",
      "REQUESTFORWARD",
      "NXT_REQUESTFORWARD",
      "ONF_REQUESTFORWARD",
      "ONF_BUNDLE_ADD_MESSAGE",
    ]);
  });

  it.each([
    ["BUNDLE_ADD_MESSAGE", 34, "0000000100000000"],
    ["REQUESTFORWARD", 32, ""],
  ])("%s keeps its bytes at any depth", (_name, type, before) => {
    for (const version of [5, 6]) {
      let frame = Buffer.from([version, 20, 0, 8, 0, 0, 0, 9]);
      for (let depth = 1; depth <= Math.max(...DEPTHS); depth++) {
        const body = Buffer.concat([Buffer.from(before, "hex"), frame]);
        frame = Buffer.concat([Buffer.from([version, type, 0, 0, 0, 0, 0, 9]), body]);
        frame.writeUInt16BE(frame.length, 2);
        if (DEPTHS.includes(depth)) checkFrame(frame);
      }
    }
  });
});

function hasMessage(json: readonly { readonly type: { readonly name: string } | undefined }[]): boolean {
  return json.some(({ type }) => type?.name === "Message");
}
