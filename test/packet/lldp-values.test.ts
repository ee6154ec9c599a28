/** The texts of LLDP, and the bytes that they stand for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFrame, readPacket } from "../../src/packet/index.js";
import { hex } from "./frames/index.js";

const HEAD = "0180c200000e 020000000001 88cc";

/** The text of one element of LLDP with this type and value. */
function textOf(type: number, value: string): string {
  const bytes = hex(value);
  const head = Buffer.alloc(2);
  head.writeUInt16BE((type << 9) | bytes.length);
  const { _pkt } = readPacket(Buffer.concat([hex(HEAD), head, bytes]));
  const { field, value: text } = _pkt[3] as { field: string; value: unknown };
  return `${field} ${String(text)}`;
}

/** The element that is built from a field, type and length included. */
function elementOf(field: string, value: unknown): string {
  const pkt = { eth_dst: "01:80:c2:00:00:0e", [field]: value, lldp_end: 0, frame_length: 0x300 };
  const frame = Buffer.from(buildFrame({ pkt }));
  return frame.subarray(14, 16 + (frame.readUInt16BE(14) & 0x1ff)).toString("hex");
}

const CHASSIS = 1;
const PORT = 2;

describe("an element of LLDP", () => {
  it.each([
    [CHASSIS, "01 aabb", "X_LLDP_CHASSIS_ID chassis AABB"],
    [CHASSIS, "02 61 20 62", "X_LLDP_CHASSIS_ID ifalias a b"],
    [CHASSIS, "03 01", "X_LLDP_CHASSIS_ID port 01"],
    [CHASSIS, "04 020000000001", "X_LLDP_CHASSIS_ID mac 02:00:00:00:00:01"],
    [CHASSIS, "05 01 0a000001", "X_LLDP_CHASSIS_ID ip 10.0.0.1"],
    [CHASSIS, `05 02 fe80 ${"00".repeat(13)} 01`, "X_LLDP_CHASSIS_ID ip6 fe80::1"],
    [CHASSIS, "06 65746830", "X_LLDP_CHASSIS_ID ifname eth0"],
    [CHASSIS, "07 6c6f63616c203331", "X_LLDP_CHASSIS_ID local 31"],
    [CHASSIS, "08 01", "X_LLDP_CHASSIS_ID unknown 0801"],
    [CHASSIS, "04 0200000000", "X_LLDP_CHASSIS_ID unknown 040200000000"],
    [CHASSIS, "07 6d616320 78", "X_LLDP_CHASSIS_ID unknown 076D61632078"],
    [CHASSIS, "07 ff 22", 'X_LLDP_CHASSIS_ID \udcff"'],
    [CHASSIS, "07 61 00 62", "X_LLDP_CHASSIS_ID unknown 07610062"],
    [CHASSIS, "", "X_LLDP_CHASSIS_ID unknown"],
    [PORT, "01 6162", "X_LLDP_PORT_ID ifalias 6162"],
    [PORT, "02 07", "X_LLDP_PORT_ID port 07"],
    [PORT, "03 020000000001", "X_LLDP_PORT_ID mac 02:00:00:00:00:01"],
    [PORT, "04 01 0a000001", "X_LLDP_PORT_ID ip 10.0.0.1"],
    [PORT, "05 65746830", "X_LLDP_PORT_ID ifname eth0"],
    [PORT, "06 0102", "X_LLDP_PORT_ID circuit 0102"],
    [PORT, "07 31", "X_LLDP_PORT_ID 1"],
    [3, "0e10", "X_LLDP_TTL 3600"],
    [3, "0e1000", "X_LLDP_TLV 3 0E1000"],
    [4, "", "X_LLDP_PORT_DESCR "],
    [5, "c3a9", "X_LLDP_SYS_NAME \u00e9"],
    [6, "6100", "X_LLDP_TLV 6 6100"],
    [7, "0000 0000", "X_LLDP_CAPABILITIES NONE enabled NONE"],
    [7, "8101 0700", "X_LLDP_CAPABILITIES OTHER+C_VLAN+0x8000 enabled C_VLAN+S_VLAN+TPMR"],
    [7, "0000", "X_LLDP_TLV 7 0000"],
    [8, "05 01 0a000001 01 00000000 02 2a03", "X_LLDP_MGMT_ADDR ip 10.0.0.1 unknown 0 oid 2A03"],
    [8, `11 02 fe80${"00".repeat(13)}01 02 00000001 00`, "X_LLDP_MGMT_ADDR ip6 fe80::1 ifindex 1"],
    [8, "05 01 0a000001 01 00000000 03 2a03", "X_LLDP_TLV 8 05010A0000010100000000032A03"],
    [127, "000001 00", "X_LLDP_ORG_SPECIFIC 0x1 0x0 "],
    [127, "0080c2", "X_LLDP_TLV 127 0080C2"],
    [0, "01", "X_LLDP_TLV 0 01"],
  ])("of type %i and value %s is %s, and back", (type, value, text) => {
    expect(textOf(type, value)).toBe(text);
    const [field] = text.split(" ", 1) as [string];
    const head = Buffer.alloc(2);
    head.writeUInt16BE((type << 9) | hex(value).length);
    expect(elementOf(field, text.slice(field.length + 1))).toBe(
      head.toString("hex") + hex(value).toString("hex"),
    );
  });

  it("comes back whatever its bytes are", () => {
    const types = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 126, 127);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ maxLength: 12 }).map((text) => Buffer.from(`\x07${text}`)),
      fc
        .constantFrom("mac ", "ip ", "ip6 ::1", "unknown", "unknown x", "chassis 00")
        .map((text) => Buffer.from(`\x07${text}`)),
    );
    fc.assert(
      fc.property(types, bytes, (type, value) => {
        // The end of the list is no element.
        if (type === 0 && value.length === 0) return;
        const text = textOf(type, Buffer.from(value).toString("hex"));
        const blank = text.indexOf(" ");
        const element = elementOf(text.slice(0, blank), text.slice(blank + 1));
        expect(element.slice(4)).toBe(Buffer.from(value).toString("hex"));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["X_LLDP_CHASSIS_ID", "mac 02:00", "is not a value of LLDP"],
    ["X_LLDP_CHASSIS_ID", "ip 10.0.0.1.1", "is not a value of LLDP"],
    ["X_LLDP_CHASSIS_ID", "chassis 0", "is not a value of LLDP"],
    ["X_LLDP_PORT_ID", "circuit xy", "is not a value of LLDP"],
    ["X_LLDP_PORT_ID", 7, "is not a text"],
    ["X_LLDP_SYS_NAME", "n".repeat(512), "has more than 511 bytes"],
    ["X_LLDP_TTL", 65_536, "is not a number of 16 bits"],
    ["X_LLDP_TTL", "", "is not a number of 16 bits"],
    ["X_LLDP_CAPABILITIES", "BRIDGE", "is not a value of LLDP"],
    ["X_LLDP_CAPABILITIES", "BRIDGE enabled 0x10000", "is not a value of LLDP"],
    ["X_LLDP_MGMT_ADDR", "ip 10.0.0.1 ifindex 4294967296", "is not a value of LLDP"],
    ["X_LLDP_ORG_SPECIFIC", "1 2 3", "is not a value of LLDP"],
    ["X_LLDP_ORG_SPECIFIC", "0x1000000 2 00", "is not a value of LLDP"],
    ["X_LLDP_TLV", "128 00", "is not a value of LLDP"],
  ])("%s refuses %j", (field, value, detail) => {
    expect(() => elementOf(field, value)).toThrow(new RegExp(`^pkt\\.${field}: ${field} .* ${detail}$`));
  });
});

describe("LLDP", () => {
  const element = (frame: Uint8Array): string => Buffer.from(frame).subarray(14).toString("hex");

  it("has the elements that must be there in their order, and a time to live of 120 seconds", () => {
    const frame = buildFrame({ pkt: { x_lldp_sys_name: "s", x_lldp_port_id: "p", x_lldp_chassis_id: "c" } });
    expect(element(frame).slice(0, 34)).toBe(
      "0202" + "0763" + "0402" + "0770" + "0602" + "0078" + "0a01" + "73" + "0000",
    );
  });

  it("needs a chassis and a port", () => {
    expect(() => buildFrame({ pkt: { x_lldp_port_id: "p" } })).toThrow(
      "pkt.x_lldp_port_id: LLDP needs X_LLDP_CHASSIS_ID, too",
    );
  });

  it("is read up to the element that is not all there", () => {
    const { _pkt, _pkt_more } = readPacket(hex(`${HEAD} 0202 0763  0402 07`));
    expect(_pkt.slice(3)).toEqual([
      { field: "X_LLDP_CHASSIS_ID", value: "c" },
      { field: "X_PKT_POS", value: 18 },
    ]);
    expect(_pkt_more).toContainEqual({ field: "LLDP_END", value: 0 });
  });
});
