// Each match field that Open vSwitch knows: its name is read, its TLV has a name of ours and comes back, its prerequisites are asked for.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeField } from "../../src/codec/gen/decode/oxm.js";
import { encodeField } from "../../src/codec/gen/encode/oxm.js";
import { MessageWriter } from "../../src/codec/message-writer.js";
import { parseSubField } from "../../src/codec/native/encode/sub-field.js";
import { readSchemas } from "../../src/schema/index.js";
import { Text } from "../../src/text/index.js";
import { decode, encodeValue, parseExact } from "./support.js";
import { tlvOf, type VendorField, vendorFields } from "./vendor-fields.js";

function printed(tlv: Buffer): { field: string; value: unknown; mask?: unknown } {
  const text = new Text();
  decodeField(tlv, 0, text);
  return parseExact(`{${text.takeString()}}`) as { field: string; value: unknown; mask?: unknown };
}

function written(json: object): string {
  const w = new MessageWriter();
  encodeField(w, json as Record<string, unknown>);
  return w.view().toString("hex");
}

/** All bits that the field has. */
function ones({ bytes, bits }: VendorField): Buffer {
  const value = Buffer.alloc(bytes, 0xff);
  for (let i = bytes * 8 - 1; i >= bits; i--) {
    const at = bytes - 1 - (i >> 3);
    value[at] = (value[at] as number) & ~(1 << (i & 7));
  }
  return value;
}

describe("the match fields of Open vSwitch", () => {
  it("are 237", () => {
    expect(vendorFields).toHaveLength(237);
    expect(new Set(vendorFields.map(({ name }) => name)).size).toBe(237);
  });

  it("are said to have a mask where they may have one", () => {
    const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));
    const table = model.definitions.get("Field");
    if (table?.kind !== "tlv_table") throw new Error("there is no table of fields");
    const ours = new Map(table.cases.map((one) => [idOf(one), one.mask]));
    // The specification takes no masks for some of its own fields; test/schema/protocol.yaml has these.
    const vendors = vendorFields.filter(({ oxmClass }) => oxmClass !== 0x8000);
    const masks = vendors.map((one) => [one.name, ours.get(idOf(one))] as const);
    expect(masks).toEqual(vendors.map((one) => [one.name, one.mask]));
  });

  describe.each(vendorFields.map((one) => [one.name, one] as const))("%s", (name, one) => {
    it("has a name of ours, and comes back with all bits it may have", () => {
      const tlv = tlvOf(one, ones(one));
      const json = printed(tlv);
      expect(json.field).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(written(json)).toBe(tlv.toString("hex"));
      expect(written({ ...json, field: name })).toBe(tlv.toString("hex"));
    });

    it("is read in sub-fields by the name that Open vSwitch has", () => {
      const header = tlvOf(one, Buffer.alloc(one.bytes));
      const { header: read, ofs, nBits } = parseSubField(`${name}[]`, "src", false);
      const own = one.experimenter === undefined ? 4 : 8;
      expect(Buffer.from(read).toString("hex")).toBe(header.subarray(0, own).toString("hex"));
      expect([ofs, nBits]).toEqual([0, 8 * one.bytes]);
    });

    const withMask = one.mask ? it : undefined;
    withMask?.("comes back with a mask", () => {
      const all = ones(one);
      const mask = Buffer.from(all);
      mask[mask.length - 1] = 1;
      const value = Buffer.from(all.map((byte, i) => byte & (mask[i] as number)));
      const tlv = tlvOf(one, value, mask);
      const json = printed(tlv);
      expect(json.field).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(json.mask).toBeDefined();
      expect(written(json)).toBe(tlv.toString("hex"));
    });

    const narrower = one.bits < 8 * one.bytes && one.bytes <= 4 ? it : undefined;
    narrower?.("refuses a larger number", () => {
      const json = printed(tlvOf(one, ones(one)));
      expect(() => written({ ...json, value: 2 ** one.bits })).toThrow(/^value: \d+ is more than \d+/);
    });

    it("asks for what it needs", () => {
      // The fields of OpenFlow are for ARP alone, those before them for RARP, too.
      const needs = NEEDS[one.needs === "arp" && name.startsWith("OXM_") ? "arp only" : one.needs];
      if (needs === undefined) throw new Error(`what is ${one.needs}?`);
      const field = printed(tlvOf(one, Buffer.alloc(one.bytes)));
      if (needs instanceof RegExp) expect(() => matchOf(field)).toThrow(needs);
      else expect(matchOf(field)).toEqual([...needs, field]);
    });
  });
});

function idOf({
  oxmClass,
  field,
  experimenter,
}: Pick<VendorField, "oxmClass" | "field" | "experimenter">): string {
  return `${oxmClass}.${field}.${experimenter ?? ""}`;
}

/** The match of a FLOW_MOD that was given that one field. */
function matchOf(field: unknown): unknown {
  const msg = { table_id: 0, command: "ADD", match: [field] };
  const back = parseExact(decode(Buffer.from(encodeValue({ type: "FLOW_MOD", version: 4, msg }), "hex"))) as {
    readonly msg: { readonly match: unknown };
  };
  return back.msg.match;
}

const ethType = (value: number): object => ({ field: "ETH_TYPE", value });
const protocol = (value: number): object => ({ field: "IP_PROTO", value });

/** What stands before the field when only that is given; or the error, where there is a choice. */
const NEEDS: Readonly<Record<string, readonly object[] | RegExp>> = {
  "": [],
  arp: /needs ETH_TYPE 0x0806 or 0x8035,/,
  "arp only": [ethType(0x0806)],
  ct: /needs NX_CT_STATE with \+new or \+est or \+rel or \+rpl or \+snat or \+dnat or \+trk-inv,/,
  icmpv4: [ethType(0x0800), protocol(1)],
  icmpv6: [ethType(0x86dd), protocol(58)],
  ip: /needs ETH_TYPE 0x0800 or 0x86dd,/,
  ipv4: [ethType(0x0800)],
  ipv6: [ethType(0x86dd)],
  mpls: /needs ETH_TYPE 0x8847 or 0x8848,/,
  nd: /needs ICMPV6_TYPE 135 or 136,/,
  nd_solicit: [ethType(0x86dd), protocol(58), { field: "ICMPV6_TYPE", value: 135 }],
  nd_advert: [ethType(0x86dd), protocol(58), { field: "ICMPV6_TYPE", value: 136 }],
  nsh: [ethType(0x894f)],
  sctp: /needs ETH_TYPE 0x0800 or 0x86dd,/,
  tcp: /needs ETH_TYPE 0x0800 or 0x86dd,/,
  udp: /needs ETH_TYPE 0x0800 or 0x86dd,/,
  vlan_vid: /needs VLAN_VID with bit 0x1000 set,/,
};
