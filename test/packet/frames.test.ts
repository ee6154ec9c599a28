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
