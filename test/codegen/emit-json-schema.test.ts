/** The JSON Schema, through Ajv. test/conformance/json-schema.test.ts compares it with the encoder. */
import type { ValidateFunction } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCatalog, loadJsonSchema } from "../../src/codec/catalog.js";
import { decodeMessage, makeEnvelope } from "../../src/codec/decode.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { jsonSchema } from "../../src/codegen/emit-json-schema.js";
import { Text } from "../../src/text/index.js";
import { newAjv } from "../ajv.js";
import { fixtureModel } from "./emit-fixture.js";

let validate: ValidateFunction;
beforeAll(async () => {
  validate = newAjv({ allowUnionTypes: true }).compile(await loadJsonSchema());
}, 60_000);

const isValid = (message: unknown): boolean => validate(message) as boolean;

function flowMod(msg: object): object {
  return { type: "FLOW_MOD", version: 4, msg: { table_id: 0, command: "ADD", ...msg } };
}

const matching = (field: object): object => flowMod({ match: [field] });
const acting = (action: object): object =>
  flowMod({ instructions: [{ instruction: "APPLY_ACTIONS", actions: [action] }] });

const TABLE = { table_id: 0, name: "", metadata_match: 0, metadata_write: 0, config: [], max_entries: 1 };

/** The JSON of a frame, undefined when it is none. */
function decoded(hex: string): unknown {
  const out = new Text();
  try {
    decodeMessage(
      Buffer.from(hex, "hex"),
      out,
      makeEnvelope({ conn_id: 1, src: "192.0.2.1:1", datapath_id: "00:00:00:00:00:00:00:01" }),
    );
  } catch {
    return undefined;
  }
  return JSON.parse(out.takeString());
}

describe("the schema of a small model", () => {
  it("has a definition of each thing, with the keys that are required", () => {
    const { $defs } = jsonSchema(fixtureModel()) as { $defs: Record<string, unknown> };
    expect($defs.PartName).toBeUndefined();
    expect($defs.Level).toEqual({
      title: "Level",
      description: "A level.",
      anyOf: [{ enum: ["LOW", "HIGH"] }, { type: "string", pattern: "^(TOP)$" }, { $ref: "#/$defs/Number8" }],
    });
    expect($defs.Colour).toMatchObject({
      anyOf: [
        { const: "RED", description: "Like blood." },
        { const: "BLUE", description: "OpenFlow 1.4+." },
        { $ref: "#/$defs/Number8" },
      ],
    });
    expect($defs.LAMP_MOD).toMatchObject({
      title: "LAMP_MOD",
      description: "Changes a lamp.",
      required: ["type", "msg"],
      additionalProperties: false,
      properties: { version: { $ref: "#/$defs/Version" }, msg: { $ref: "#/$defs/LAMP_MOD.msg" } },
    });
    expect($defs["LAMP_MOD.msg"]).toMatchObject({
      required: ["id", "flags"],
      additionalProperties: false,
      properties: {
        id: { $ref: "#/$defs/UInt64", description: "Which lamp." },
        level: { $ref: "#/$defs/Level", default: "HIGH" },
        flags: { type: "array", items: { $ref: "#/$defs/LampFlags" } },
        parts: { type: ["array", "null"], items: { $ref: "#/$defs/Part" }, default: [] },
      },
    });
    expect($defs.Part).toMatchObject({
      properties: {
        part: {
          anyOf: [
            { const: "BULB", description: "Gives light." },
            { const: "SWITCH", description: "Turns it on. OpenFlow 1.4+." },
            { $ref: "#/$defs/Number16" },
          ],
        },
      },
      required: ["part"],
    });
    const text = JSON.stringify($defs.Part);
    const tag = (schema: string): string =>
      `{"if":{"type":"object","properties":{"part":${schema}},"required":["part"]},"then":`;
    expect(text).toContain(`${tag('{"const":"BULB"}')}{"$ref":"#/$defs/Part.BULB"}}`);
    expect(text).toContain(
      `${tag('{"$ref":"#/$defs/Number16"}')}{"anyOf":[{"$ref":"#/$defs/Part.unknown"},{"$ref":"#/$defs/Part.BULB"},`,
    );
    expect($defs.LAMPS_REQUEST).toMatchObject({ required: ["type"] });
  });
});

describe("the schema of OpenFlow", () => {
  it("takes the example of each message, and what encoding and decoding make of it", async () => {
    const { entries } = await loadCatalog();
    let count = 0;
    for (const entry of entries) {
      if (entry.kind !== "message") continue;
      for (const version of entry.body.versions) {
        const w = new MessageWriter();
        const message = { ...(entry.example as object), version };
        encodeMessage(message, w, {});
        const back = decoded(w.view().toString("hex"));
        expect([entry.name, version, isValid(message), isValid(back), validate.errors]).toEqual([
          entry.name,
          version,
          true,
          true,
          null,
        ]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(200);
  });

  it.each([
    [
      "numbers in any base",
      flowMod({
        priority: "0x10",
        cookie: "18446744073709551615",
        idle_timeout: "0b11",
        hard_timeout: "017",
      }),
    ],
    ["names of numbers", flowMod({ out_port: "ANY", table_id: "ALL", buffer_id: "NO_BUFFER" })],
    ["numbers for names", flowMod({ command: 0, flags: [1, "0x2", "SEND_FLOW_REM"] })],
    ["masks", matching({ field: "IPV4_DST", value: "192.0.2.0", mask: "255.255.255.0" })],
    ["masks as prefixes", matching({ field: "IPV4_DST", value: "192.0.2.0", mask: "/24" })],
    ["values with a prefix", matching({ field: "IPV4_DST", value: "192.0.2.0/24" })],
    ["values with a mask", matching({ field: "IPV4_DST", value: "192.0.2.0/255.0.255.0" })],
    ["IPv6 values with a prefix", matching({ field: "IPV6_DST", value: "2001:db8::/32" })],
    ["names of Ethernet types", matching({ field: "ETH_TYPE", value: "IPV6" })],
    ["names of IP protocols", matching({ field: "IP_PROTO", value: "SCTP" })],
    ["other names of fields", matching({ field: "TUN_ID", value: 1 })],
    ["fields by their header", matching({ field: "0x80001402", value: "AB cd" })],
    ["a field of an action", acting({ action: "SET_FIELD", field: "ETH_DST", value: "0a-00-00-00-00-01" })],
    ["actions without a name", acting({ action: "0x0099", data: "00000000" })],
    ["actions of experimenters", acting({ action: "EXPERIMENTER.0x00001234", data: "" })],
    ["the id of an experimenter as a key", acting({ action: "EXPERIMENTER", experimenter: 4660 })],
    ["the older spelling of multiparts", { type: "REQUEST.PORT_STATS", msg: { port_no: 1 } }],
    [
      "the oldest spelling of multiparts",
      { type: "MULTIPART_REQUEST", msg: { type: "PORT_STATS", flags: [], body: { port_no: 1 } } },
    ],
    ["types without a name", { type: "_RAW_MESSAGE", version: 1, msg: { type: 99, data: "00" } }],
    [
      "messages in messages",
      { type: "BUNDLE_ADD_MESSAGE", msg: { bundle_id: 1, flags: [], message: flowMod({}) } },
    ],
    ["messages without content", { type: "BARRIER_REQUEST" }],
    [
      "properties without their tag",
      {
        type: "ROLE_STATUS",
        msg: { role: 0, reason: 0, generation_id: 0, properties: [{ experimenter: 1, exp_type: 2 }] },
      },
    ],
    [
      "keys that decoding prints",
      {
        type: "HELLO",
        time: 1.5,
        xid: 1,
        version: 1,
        conn_id: 1,
        src: "a",
        dst: "b",
        datapath_id: "",
        auxiliary_id: 0,
        _file: "f",
        msg: { versions: [1], _elements: "" },
      },
    ],
    [
      "lists of what a switch can do",
      {
        type: "TABLE_FEATURES_REPLY",
        msg: [
          {
            ...TABLE,
            match: ["IN_PORT", "IPV4_DST/", "~ETH_DST", "0x80001402", "~0xFFFF0004.0x4F4E4600"],
            apply_actions: ["OUTPUT", "EXPERIMENTER.0x00001234", "0x0099"],
          },
        ],
      },
    ],
    [
      "objects in objects",
      {
        type: "TABLE_STATUS",
        msg: { reason: "VACANCY_UP", table_id: 1, config: [], eviction: { flags: 0 } },
      },
    ],
  ])("takes %s", (_, message) => {
    expect(isValid(message)).toBe(true);
  });

  it.each([
    ["unknown types", { type: "FLOWMOD", msg: {} }],
    ["no type", { msg: {} }],
    ["no object", []],
    ["unknown keys around msg", { type: "BARRIER_REQUEST", body: {} }],
    ["unknown keys in msg", flowMod({ prioritty: 1 })],
    ["missing keys", { type: "FLOW_MOD", msg: { command: "ADD" } }],
    ["a missing msg", { type: "FLOW_MOD" }],
    ["numbers that are too large", flowMod({ priority: 65536 })],
    ["negative numbers", flowMod({ priority: -1 })],
    ["fractions", flowMod({ priority: 1.5 })],
    ["texts that are no numbers", flowMod({ priority: "1e3" })],
    ["unknown names", flowMod({ command: "add" })],
    ["flags that are no list", flowMod({ flags: "SEND_FLOW_REM" })],
    ["unknown fields", matching({ field: "IPV9_DST", value: 1 })],
    ["values of another type", matching({ field: "ETH_DST", value: "192.0.2.1" })],
    ["fields without value", matching({ field: "ETH_DST" })],
    ["unknown actions", acting({ action: "OUTPUTT", port_no: 1 })],
    ["keys of another action", acting({ action: "OUTPUT", group_id: 1 })],
    ["addresses out of range", matching({ field: "IPV4_DST", value: "192.0.2.256" })],
    ["half a byte", acting({ action: "0x0099", data: "0" })],
    ["a list where an object belongs", { type: "ECHO_REQUEST", msg: [] }],
    ["unknown fields in lists", { type: "TABLE_FEATURES_REPLY", msg: [{ ...TABLE, match: ["IPV9_DST/"] }] }],
    ["an object where a list belongs", { type: "PORT_DESC_REPLY", msg: {} }],
    ["prefixes that are too long", matching({ field: "IPV4_DST", value: "192.0.2.0/33" })],
    ["prefixes without a slash", matching({ field: "IPV4_DST", value: "192.0.2.0", mask: "24" })],
    ["prefixes of Ethernet addresses", matching({ field: "ETH_DST", value: "0a-00-00-00-00-01/24" })],
    ["prefixes that no mask can be", acting({ action: "NX_NAT", ipv4_min: "192.0.2.0/24" })],
    ["other names of Ethernet types", matching({ field: "ETH_TYPE", value: "IPV5" })],
  ])("refuses %s", (_, message) => {
    expect(isValid(message)).toBe(false);
  });
});
