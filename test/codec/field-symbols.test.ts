import { describe, expect, it } from "vitest";
import { encodeField } from "../../src/codec/gen/encode/oxm.js";
import { MessageWriter } from "../../src/codec/message-writer.js";

/** The TLV of a field, in hex. */
function tlv(field: string, value: unknown, mask?: unknown): string {
  const w = new MessageWriter();
  encodeField(w, mask === undefined ? { field, value } : { field, value, mask });
  return w.view().toString("hex");
}

describe("words for values and masks", () => {
  it.each([
    ["NX_CT_STATE", "+trk", "0001d308 00000020 00000020"],
    ["NX_CT_STATE", "+trk+est-new", "0001d308 00000022 00000023"],
    ["NX_CT_STATE", "-trk", "0001d308 00000000 00000020"],
    ["NX_CT_STATE", "+rel+rpl+inv+snat+dnat", "0001d308 000000dc 000000dc"],
    ["NX_CT_STATE", "trk|est", "0001d204 00000022"],
    ["NX_CT_STATE", "trk", "0001d204 00000020"],
    ["NX_CT_STATE", "0x22", "0001d204 00000022"],
    ["NX_CT_STATE", 34, "0001d204 00000022"],
    ["TCP_FLAGS", "+syn-ack", "80005504 0002 0012"],
    ["NX_TCP_FLAGS", "+syn-ack", "00014504 0002 0012"],
    ["ONF_TCP_FLAGS", "+syn-ack", "ffff5508 4f4e4600 0002 0012"],
    ["TCP_FLAGS", "fin|syn|rst|psh|ack|urg|ece|cwr|ns", "80005402 01ff"],
    ["NX_TUN_FLAGS", "+oam", "0001d104 0001 0001"],
    ["NX_TUN_FLAGS", "-oam", "0001d104 0000 0001"],
    ["NX_TUN_FLAGS", "oam", "0001d002 0001"],
    ["NX_IP_FRAG", "no", "00013401 00"],
    ["NX_IP_FRAG", "yes", "00013502 01 01"],
    ["NX_IP_FRAG", "first", "00013401 01"],
    ["NX_IP_FRAG", "later", "00013401 03"],
    ["NX_IP_FRAG", "not_later", "00013502 00 02"],
    ["PACKET_TYPE", "(0,0x800)", "80005804 00000800"],
    ["PACKET_TYPE", "(1, 0x894f)", "80005804 0001894f"],
    ["PACKET_TYPE", 67407, "80005804 0001074f"],
  ])("%s: %s is %s", (field, value, hex) => {
    expect(tlv(field, value)).toBe(hex.replaceAll(" ", ""));
  });

  it("are read for masks, too", () => {
    expect(tlv("NX_CT_STATE", "trk", "trk|inv")).toBe("0001d3080000002000000030");
    expect(tlv("NX_CT_STATE", 32, "trk|inv")).toBe("0001d3080000002000000030");
    expect(tlv("NX_CT_STATE", "trk", 48)).toBe("0001d3080000002000000030");
  });

  it.each([
    ["NX_CT_STATE", "+trk+nwe", undefined, 'value: "+trk+nwe": "nwe" is not a CtState (did you mean new?)'],
    ["NX_CT_STATE", "+trk+", undefined, 'value: "+trk+": "" is not a CtState'],
    ["NX_CT_STATE", "+trk-trk", undefined, 'value: "+trk-trk" has trk twice'],
    ["NX_CT_STATE", "trk|", undefined, 'value: "trk|": "" is not a CtState'],
    ["NX_CT_STATE", "tkr", undefined, 'value: "tkr" is not a CtState (did you mean trk?)'],
    ["NX_CT_STATE", "constructor", undefined, 'value: "constructor" is not a CtState'],
    ["NX_CT_STATE", "+trk", 32, 'mask: the value has a mask of its own: "+trk"'],
    ["NX_CT_STATE", 32, "+trk", 'mask: "+trk" is not a CtState (did you mean trk?)'],
    ["NX_IP_FRAG", "lates", undefined, 'value: "lates" is not an IpFragment (did you mean later?)'],
    ["NX_IP_FRAG", "+first", undefined, 'value: "+first" is not an IpFragment (did you mean first?)'],
    ["NX_IP_FRAG", "first", 3, 'mask: the value has a mask of its own: "first"'],
    ["PACKET_TYPE", "(0,0x10000)", undefined, 'value: "0x10000" is more than 65535, the largest UInt16'],
    ["PACKET_TYPE", "(0)", undefined, 'value: "(0)" is not a UInt32'],
  ])("refuses %s: %s with the mask %s", (field, value, mask, error) => {
    expect(() => tlv(field, value, mask)).toThrow(error);
  });
});
