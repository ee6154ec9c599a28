import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { echoReply } from "../../src/packet/index.js";

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s+/g, ""), "hex");

const ETHERNET = "02 00 00 00 00 02  02 00 00 00 00 01";
const TAG = "81 00 a0 64";
/** DSCP 46, "don't fragment", a time to live of 17, 32 bytes in all. */
const IP = "45 b8 00 20 12 34 40 00 11 01 42 ef 0a 00 00 01 0a 00 00 02";
const ICMP = "08 00 33 31 00 07 00 01 61 62 63 64";
const PADDING = "ee ".repeat(10);
const request = (ethernet = ETHERNET, ip = IP, icmp = ICMP): Buffer =>
  hex(`${ethernet} ${TAG} 08 00 ${ip} ${icmp} ${PADDING}`);

const REPLY = hex(`02 00 00 00 00 01  02 00 00 00 00 02  81 00 a0 64  08 00
  45 b8 00 20 00 00 00 00 40 01 66 23 0a 00 00 02 0a 00 00 01
  00 00 3b 31 00 07 00 01 61 62 63 64  00 00 00 00 00 00 00 00 00 00`).toString("hex");

const answer = (frame: Buffer): string | undefined => {
  const reply = echoReply(frame);
  return reply === undefined ? undefined : Buffer.from(reply).toString("hex");
};

describe("the answer to an echo request", () => {
  it("has addresses swapped, tag, DSCP and data kept, checksums of its own, and no padding of the request", () => {
    expect(answer(request())).toBe(REPLY);
  });

  it("is made of a frame between two places of a buffer", () => {
    const frame = request();
    const reply = echoReply(Buffer.concat([frame, frame, frame]), frame.length, 2 * frame.length);
    expect(Buffer.from(reply ?? []).toString("hex")).toBe(REPLY);
  });

  it("has no IP options", () => {
    const options = "46 b8 00 24 12 34 40 00 11 01 00 00 0a 00 00 01 0a 00 00 02 01 01 01 00";
    expect(answer(request(ETHERNET, options))).toBe(REPLY);
  });

  it("has as many tags as the request", () => {
    const frame = hex(`${ETHERNET} 88 a8 00 0a 81 00 00 64 08 00 ${IP} ${ICMP}`);
    expect(answer(frame)?.slice(24, 44)).toBe("88a8000a810000640800");
  });

  it("has as much data as the switch has sent of it", () => {
    const reply = answer(hex(`${ETHERNET} 08 00 ${IP.replace("00 20", "05 dc")} ${ICMP}`));
    // The length is that of what there is: 20 and 12 bytes.
    expect(reply?.slice(24, 36)).toBe("080045b80020");
    expect(reply?.slice(68, 92)).toBe("00003b310007000161626364");
  });

  it("is whole for the first of several fragments", () => {
    expect(answer(request(ETHERNET, IP.replace("40 00 11", "20 00 11")))).toBe(REPLY);
  });

  it.each([
    ["other messages of ICMP", request(ETHERNET, IP, ICMP.replace("08", "00"))],
    ["an unknown code", request(ETHERNET, IP, ICMP.replace("08 00", "08 01"))],
    ["other protocols", request(ETHERNET, IP.replace("11 01", "11 11"))],
    ["a broadcast frame", request("ff ff ff ff ff ff  02 00 00 00 00 01")],
    ["a group that claims to ask", request("02 00 00 00 00 02  03 00 00 00 00 01")],
    ["an IPv4 group", request(ETHERNET, IP.replace("0a 00 00 02", "e0 00 00 01"))],
    ["a group that claims to ask by IPv4", request(ETHERNET, IP.replace("0a 00 00 01", "e0 00 00 01"))],
    ["an asker without address", request(ETHERNET, IP.replace("0a 00 00 01", "00 00 00 00"))],
    ["a later fragment", request(ETHERNET, IP.replace("40 00 11", "00 01 11"))],
    ["a request without identifier", request(ETHERNET, IP.replace("00 20", "00 1a"))],
    ["a length of nothing", request(ETHERNET, IP.replace("00 20", "00 00"))],
    ["MPLS", hex(`${ETHERNET} 88 47 00 06 41 40 ${IP} ${ICMP}`)],
    ["802.3", hex(`${ETHERNET} 00 28 aa aa 03 00 00 00 08 00 ${IP} ${ICMP}`)],
    ["IPv6", hex(`${ETHERNET} 86 dd 60 00 00 00 00 08 3a 40 ${"00".repeat(32)} 80 00 00 00 00 01 00 01`)],
    ["no frame", Buffer.alloc(0)],
  ])("is not there for %s", (_name, frame) => {
    expect(answer(frame)).toBeUndefined();
  });

  it("is there or not, but no error, for any bytes and any part of a request", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.uint8Array({ maxLength: 20 }), (length, at, bytes) => {
        const frame = Buffer.from(request().subarray(0, length));
        frame.set(bytes.subarray(0, Math.max(0, length - at)), Math.min(at, length));
        const reply = echoReply(frame);
        if (reply !== undefined) expect(echoReply(reply)).toBeUndefined();
      }),
    );
  });
});
