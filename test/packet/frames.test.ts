import { describe, expect, it } from "vitest";
import { buildFrame, readPacket } from "../../src/packet/index.js";
import { GOLDEN_FRAMES, lines, padded, payloadOf } from "./frames/index.js";

describe.each(GOLDEN_FRAMES)("$name", ({ frame, fields, more, given }) => {
  it("is read", () => {
    const { _pkt, _pkt_more } = readPacket(frame);
    expect(lines(_pkt)).toEqual(fields);
    expect(lines(_pkt_more)).toEqual(more ?? []);
  });

  it("is built again from all that was read", () => {
    const { _pkt, _pkt_more } = readPacket(frame);
    const built = buildFrame({ _pkt, _pkt_more, _pkt_data: payloadOf(frame, _pkt) });
    expect(Buffer.from(built).toString("hex")).toBe(frame.toString("hex"));
  });

  it("is built from few fields, the others computed", () => {
    expect(Buffer.from(buildFrame({ pkt: given })).toString("hex")).toBe(padded(frame).toString("hex"));
  });

  it("is found somewhere in a buffer, too", () => {
    const around = Buffer.concat([Buffer.alloc(7, 0xee), frame, Buffer.alloc(9, 0xdd)]);
    expect(readPacket(around, 7, 7 + frame.length)).toEqual(readPacket(frame));
  });
});

describe("an IPv4 packet that ends in the frame", () => {
  /** 02:00:00:00:00:01 to :02, UDP from 10.0.0.1 to 10.0.0.2, total length `total`, and bytes that could be a UDP header. */
  const frameOf = (total: string): Buffer =>
    Buffer.from(
      `020000000002020000000001080045 00${total}0000 0000 4011 0000 0a000001 0a000002 04d2162e00080000`.replaceAll(
        " ",
        "",
      ),
      "hex",
    );
  const namesOf = (total: string): readonly string[] =>
    readPacket(frameOf(total))._pkt.map(({ field }) => field);

  it("has no transport header in the padding behind it", () => {
    expect(namesOf("0014")).not.toContain("UDP_SRC");
    expect(namesOf("001b")).not.toContain("UDP_SRC");
    expect(namesOf("001b")).toContain("X_PKT_POS");
  });

  it("has one that it has room for, or whose length it does not say", () => {
    expect(namesOf("001c")).toContain("UDP_SRC");
    expect(namesOf("0000")).toContain("UDP_SRC");
  });
});
