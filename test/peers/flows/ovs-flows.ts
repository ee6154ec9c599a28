/** The flows of ovs-flows.txt, and messages that Open vSwitch 3.1 does not make: their bytes are written out. */
import { readFileSync } from "node:fs";
import { parseVersionRange } from "../../../src/base/index.js";
import { tlvOf, type VendorField, vendorFields } from "../../codec/vendor-fields.js";
import { actionFixtures } from "../../fixtures/fixtures.js";

const rows = readFileSync(new URL("ovs-flows.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

/** The lines that a wire version has. */
export function linesOf(version: number): string[] {
  return rows.flatMap((row) => {
    const [, range, line = ""] = /^(1\.[\d.+]+) (.*)$/.exec(row) ?? [];
    if (range === undefined) return [row];
    return (parseVersionRange(range) as readonly number[] | undefined)?.includes(version) ? [line] : [];
  });
}

/** Whether a line needs no more than the FLOW_MOD of 1.0 has: a match of a few fields, and no action that depends on a later version. */
export function isPlain(line: string): boolean {
  const match = /^((ip|tcp|udp|sctp|icmp|arp|mpls|priority=\d+|eth_type=\w+),)?actions=/;
  return match.test(line) && !/set_field|write_metadata|goto_table/.test(line);
}

/** FLOW_MODs of a version with one field each: 1.0 moves it to a register, later ones match it. */
export function fieldMessages(version: number): Buffer[] {
  return vendorFields.map((one) => (version === 1 ? flowMod10(moveOf(one)) : matching(version, one)));
}

/** FLOW_MODs of a version with one action each, of those that are written out for the codec. */
export function actionMessages(version: number): Buffer[] {
  return actionFixtures
    .filter((one) => (parseVersionRange(one.version) as readonly number[] | undefined)?.includes(version))
    .map(({ bytes }) => (version === 1 ? flowMod10(bytes) : flowMod13(version, Buffer.alloc(0), bytes)));
}

/** NXAST_REG_MOVE of 8 bits of a field to register 0. */
function moveOf(one: VendorField): Buffer {
  const tlv = tlvOf(one, Buffer.alloc(one.bytes));
  const header = tlv.subarray(0, one.experimenter === undefined ? 4 : 8);
  const bits = Math.min(one.bits, 8);
  const body = Buffer.concat([Buffer.from([0, bits, 0, 0, 0, 0]), header, Buffer.from("00010004", "hex")]);
  return nicira(6, body);
}

function nicira(subtype: number, body: Buffer): Buffer {
  const head = Buffer.from("ffff0000000023200000", "hex");
  const padded = Math.ceil((head.length + body.length) / 8) * 8;
  head.writeUInt16BE(padded, 2);
  head.writeUInt16BE(subtype, 8);
  return Buffer.concat([head, body], padded);
}

/** A FLOW_MOD of 1.0 that matches everything. */
function flowMod10(actions: Buffer): Buffer {
  const frame = Buffer.alloc(72 + actions.length);
  frame.write("010e", 0, "hex");
  frame.writeUInt16BE(frame.length, 2);
  frame.writeUInt32BE(0x003820ff, 8); // all wildcards
  frame.writeUInt32BE(0xffffffff, 64); // no buffer
  frame.writeUInt16BE(0xffff, 68); // any port
  actions.copy(frame, 72);
  return frame;
}

/** What a field needs before it, in the classes of OpenFlow. */
const NEEDS: Readonly<Record<string, string>> = {
  arp: "80000a020806",
  ct: "0001d204 00000021",
  icmpv4: "80000a020800 8000140101",
  icmpv6: "80000a0286dd 800014013a",
  ip: "80000a020800",
  ipv4: "80000a020800",
  ipv6: "80000a0286dd",
  mpls: "80000a028847",
  nd: "80000a0286dd 800014013a 80003a0187",
  nd_solicit: "80000a0286dd 800014013a 80003a0187",
  nd_advert: "80000a0286dd 800014013a 80003a0188",
  nsh: "80000a02894f",
  sctp: "80000a020800 8000140184",
  tcp: "80000a020800 8000140106",
  udp: "80000a020800 8000140111",
  vlan_vid: "80000c021005",
};

function matching(version: number, one: VendorField): Buffer {
  const value = Buffer.alloc(one.bytes);
  value[one.bytes - 1] = 1;
  const needs = Buffer.from((NEEDS[one.needs] ?? "").replaceAll(" ", ""), "hex");
  return flowMod13(version, Buffer.concat([needs, tlvOf(one, value)]), Buffer.alloc(0));
}

/** A FLOW_MOD of 1.3 or later with these TLVs and, in APPLY_ACTIONS, these actions. */
function flowMod13(version: number, tlvs: Buffer, actions: Buffer): Buffer {
  const match = Buffer.alloc(Math.ceil((4 + tlvs.length) / 8) * 8);
  match.writeUInt16BE(1, 0);
  match.writeUInt16BE(4 + tlvs.length, 2);
  tlvs.copy(match, 4);
  const apply = Buffer.alloc(actions.length === 0 ? 0 : 8);
  if (apply.length > 0) {
    apply.writeUInt16BE(4, 0);
    apply.writeUInt16BE(8 + actions.length, 2);
  }
  const head = Buffer.alloc(48);
  const frame = Buffer.concat([head, match, apply, actions]);
  frame[0] = version;
  frame[1] = 14;
  frame.writeUInt16BE(frame.length, 2);
  frame.fill(0xff, 32, 44); // no buffer, any port, any group
  return frame;
}
