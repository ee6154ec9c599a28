/** Frames and messages for tests of traffic, written by hand. */
import type { TrafficMessage, TrafficWay } from "../../src/traffic/index.js";

/** The two directions of connection 1: the switch is 10.0.0.2. */
export const TO_SWITCH: TrafficWay = { connId: 1, src: "10.0.0.1:6653", dst: "10.0.0.2:40000" };
export const FROM_SWITCH: TrafficWay = { connId: 1, src: "10.0.0.2:40000", dst: "10.0.0.1:6653" };

/** A frame of OpenFlow 1.3: header, then what the hex digits say. */
export function frame(type: number, xid: number, body = ""): Buffer {
  const rest = Buffer.from(body.replaceAll(" ", ""), "hex");
  const header = Buffer.alloc(8);
  header.writeUInt8(4, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(8 + rest.length, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, rest]);
}

/** A message at so many nanoseconds after 1000 s. Its bytes stand in the middle of others, as in a stream. */
export function message(way: TrafficWay, nanoseconds: number, bytes: Buffer): TrafficMessage {
  const stream = Buffer.concat([Buffer.from("ffffff", "hex"), bytes, Buffer.from("ff", "hex")]);
  return {
    bytes: stream,
    start: 3,
    end: 3 + bytes.length,
    way,
    sec: 1000 + Math.floor(nanoseconds / 1e9),
    nsec: nanoseconds % 1e9,
  };
}

/** Messages of OpenFlow 1.3 by type. */
export const hello = (xid: number): Buffer => frame(0, xid);
export const echoRequest = (xid: number, data = ""): Buffer => frame(2, xid, data);
export const echoReply = (xid: number, data = ""): Buffer => frame(3, xid, data);
export const barrierRequest = (xid: number): Buffer => frame(20, xid);
export const barrierReply = (xid: number): Buffer => frame(21, xid);

/** FLOW_MOD ADD, table 0, priority 5, any packet, no instruction. */
export const flowMod = (xid: number): Buffer =>
  frame(
    14,
    xid,
    "0000000000000000 0000000000000000 00 00 0000 0000 0005 ffffffff ffffffff ffffffff 0000 0000 0001 0004 00000000",
  );

/** FLOW_MOD_FAILED/TABLE_FULL with the first bytes of what failed. */
export const tableFull = (xid: number, about: Buffer): Buffer =>
  frame(1, xid, `0005 0001 ${about.toString("hex")}`);

/** PORT_STATS of port ANY, and its reply without ports. */
export const portStatsRequest = (xid: number): Buffer =>
  frame(18, xid, "0004 0000 00000000 ffffffff 00000000");
export const portStatsReply = (xid: number, flags = "0000"): Buffer =>
  frame(19, xid, `0004 ${flags} 00000000`);
