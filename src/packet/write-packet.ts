// A frame as the keys `_pkt` and `_pkt_more`.
import { constant, formatHex, Text, writeConstant } from "../text/index.js";
import { ethernet } from "./ethernet.js";
import { findHeaders, type Headers, makeHeaders, stopOf } from "./find-headers.js";
import { MIN_FRAME } from "./frame-builder.js";
import { findPayload, type PayloadObject, type PayloadValue, readPayload } from "./payload/index.js";
import type { Item, Network, Protocol } from "./protocol.js";
import { fieldKey, writeNumberField } from "./write-fields.js";
import { writeItems } from "./write-items.js";
import { writeValue } from "./write-value.js";

/**
 * How much of a packet is told: the fields that a switch can match; these, and a payload that is of a protocol of its own; or all
 * that is in its headers and payload.
 */
export type PacketDetail = "fields" | "payload" | "full";

const PKT = constant(',"_pkt":');
const PKT_MORE = constant(',"_pkt_more":');
const PKT_PAYLOAD = constant(',"_pkt_payload":');
const X_PKT_POS = fieldKey("X_PKT_POS");
/** Most text that the fields of a frame become, per byte of the frame. */
export const TEXT_PER_BYTE = 64;

/** Tunnels in tunnels whose payload is told; the frame in the innermost one has its headers told only. */
export const MAX_TUNNELS = 4;

/** Text of a key. */
const KEY_ROOM = 32;

const OPEN = 0x5b;
const CLOSE = 0x5d;

/** What the frame at hand consists of. Reading is synchronous: one object serves all but the frames inside others. */
const outermost = makeHeaders();

/**
 * Writes the keys `,"_pkt":[…]` and, in more detail, `,"_pkt_more":[…]` and `,"_pkt_payload":{…}` where there is more to tell,
 * of the frame b[o, end). Never throws. Needs TEXT_PER_BYTE bytes of room per byte of the frame, and 256, for the fields; makes
 * room for the rest itself.
 */
export function writePacketKeys(b: Uint8Array, o: number, end: number, w: Text, detail: PacketDetail): void {
  writeFieldsKey(b, o, end, w);
  writeOtherKeys(b, o, end, w, detail);
}

/** What prints packets in that detail. */
export function packetPrinter(detail: PacketDetail): {
  readonly detail: PacketDetail;
  readonly writeFields: typeof writeFieldsKey;
  readonly writeOthers: typeof writeOtherKeys;
} {
  return { detail, writeFields: writeFieldsKey, writeOthers: writeOtherKeys };
}

/** Writes the first of the keys, whose length the frame limits. */
function writeFieldsKey(b: Uint8Array, o: number, end: number, w: Text): void {
  findHeaders(b, o, end, outermost);
  writeConstant(PKT, w);
  writePacketFields(outermost, b, o, end, w);
}

/** Writes the other keys, where there are any, of the frame whose fields were written last; makes room itself. */
function writeOtherKeys(b: Uint8Array, o: number, end: number, w: Text, detail: PacketDetail): void {
  if (detail === "fields") return;
  const full = detail === "full";
  const more = full ? moreItems(outermost, b, o, end) : [];
  if (more.length > 0) {
    w.room(KEY_ROOM);
    writeConstant(PKT_MORE, w);
    writeItems(more, w);
  }
  const payload = payloadOf(outermost, b, o, end, 0, full);
  if (payload !== undefined) {
    w.room(KEY_ROOM);
    writeConstant(PKT_PAYLOAD, w);
    writeValue(payload, w);
  }
}

/** The frame b[o, end) as values, with its bytes. @param depth  tunnels around it */
export function readFrame(
  start: Protocol,
  b: Uint8Array,
  o: number,
  end: number,
  depth: number,
): PayloadObject {
  const headers = makeHeaders();
  findHeaders(b, o, end, headers, start);
  const w = new Text(TEXT_PER_BYTE * (end - o) + 256);
  writePacketFields(headers, b, o, end, w);
  const _pkt = JSON.parse(w.takeString()) as PayloadValue;
  const more = moreItems(headers, b, o, end) as unknown as PayloadValue[];
  const payload = depth < MAX_TUNNELS ? payloadOf(headers, b, o, end, depth, true) : undefined;
  return {
    data: formatHex(b, o, end),
    _pkt,
    ...(more.length === 0 ? {} : { _pkt_more: more }),
    ...(payload === undefined ? {} : { _pkt_payload: payload }),
  };
}

function payloadOf(
  headers: Headers,
  b: Uint8Array,
  o: number,
  end: number,
  depth: number,
  bodies: boolean,
): PayloadObject | undefined {
  const found = findPayload(b, headers, end, bodies);
  if (found === undefined) return undefined;
  const padded = end - o === minimumOf(headers);
  return readPayload(b, headers.rest, end, found, padded, (start, bytes, from, stop) =>
    readFrame(start, bytes, from, stop, depth + 1),
  );
}

/** Bytes that a frame has at least: only Ethernet pads. */
function minimumOf(headers: Headers): number {
  return headers.count === 0 || headers.protocols[0] === ethernet ? MIN_FRAME : 0;
}

function writePacketFields(headers: Headers, b: Uint8Array, o: number, end: number, w: Text): void {
  // Relative to the text, which moves when it grows.
  const start = w.p - w.start;
  for (let i = 0; i < headers.count; i++) {
    headers.protocols[i]!.write(b, headers.starts[i]!, stopOf(headers, i), w);
  }
  for (let i = 0; i < headers.count; i++) {
    headers.protocols[i]!.writeLast?.(b, headers.starts[i]!, stopOf(headers, i), w);
  }
  if (headers.rest < end) writeNumberField(X_PKT_POS, headers.rest - o, w);
  // Each field has a comma before it: the first one becomes the bracket.
  if (w.p === w.start + start) w.o[w.p++] = OPEN;
  else w.o[w.start + start] = OPEN;
  w.o[w.p++] = CLOSE;
}

/** What the headers hold besides the fields of `_pkt` that a build would not come to by itself. */
function moreItems(headers: Headers, b: Uint8Array, o: number, end: number): Item[] {
  const items: Item[] = [];
  const add = (field: string, value: Item["value"]): void => void items.push({ field, value });
  let network: Network | undefined;
  for (let i = 0; i < headers.count; i++) {
    const protocol = headers.protocols[i]!;
    const at = headers.starts[i]!;
    const stop = stopOf(headers, i);
    protocol.more(b, at, stop, { end, network }, add);
    network = protocol.network?.(b, at, stop, end) ?? network;
  }
  const content = headers.rest < end ? end : headers.content;
  if (end > o && end - o !== Math.max(minimumOf(headers), content - o)) add("FRAME_LENGTH", end - o);
  return items;
}
