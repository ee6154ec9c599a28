/** Reads whole captures for tests. */
import { type CaptureOptions, CaptureReader, type CaptureTrouble } from "../../src/pcap/index.js";

/** A message that was found. */
export interface Read {
  readonly connId: number;
  readonly src: string;
  readonly dst: string;
  readonly hex: string;
  readonly xid: number;
  readonly sec: number;
  readonly nsec: number;
}

/** What was found in files. */
export interface ReadAll {
  readonly messages: readonly Read[];
  readonly troubles: readonly CaptureTrouble[];
  readonly packets: number;
}

/** Reads files one after the other. @param chunk  bytes that are pushed at a time */
export function readAll(files: readonly Buffer[], options: CaptureOptions = {}, chunk = 1 << 20): ReadAll {
  const messages: Read[] = [];
  const troubles: CaptureTrouble[] = [];
  const reader = new CaptureReader(
    options,
    ({ bytes, start, end, flow: { connId, src, dst }, sec, nsec }) => {
      const hex = bytes.toString("hex", start, end);
      messages.push({ connId, src, dst, hex, xid: bytes.readUInt32BE(start + 4), sec, nsec });
    },
    (trouble) => troubles.push(trouble),
  );
  for (const file of files) {
    // A buffer of its own for each chunk, overwritten afterwards, as callers do.
    for (let at = 0; at < file.length; at += chunk) {
      const bytes = Buffer.from(file.subarray(at, at + chunk));
      reader.push(bytes);
      bytes.fill(0xee);
    }
    reader.endFile();
  }
  reader.end();
  return { messages, troubles, packets: reader.packets };
}

/** The transaction ids of the messages, in their order. */
export function xids({ messages }: ReadAll): number[] {
  return messages.map(({ xid }) => xid);
}
