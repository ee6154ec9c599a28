/** The messages of a capture, as we find them and as tshark does. */
import { readFileSync } from "node:fs";
import { compilePacketFilter } from "../../src/packet/index.js";
import { type ReadAll, readAll } from "../pcap/read-all.js";
import { runProgram } from "./programs.js";

/** A message as both tell it: version, type, transaction id, time. */
export type Told = string;

/** Where tshark has types and transaction ids, by wire version. It does not know the messages of 1.1 and 1.2. */
export const TSHARK_FIELDS: Readonly<Record<number, readonly [type: string, xid: string]>> = {
  1: ["openflow_1_0.type", "openflow.xid"],
  4: ["openflow_v4.type", "openflow_v4.xid"],
  5: ["openflow_v5.type", "openflow_v5.xid"],
  6: ["openflow_v6.type", "openflow_v6.xid"],
};

/** tshark's options for a capture of OpenFlow at a port. */
export function tsharkOptions(path: string, port: number): string[] {
  return ["-r", path, "-d", `tcp.port==${port},openflow`, "-o", "tcp.reassemble_out_of_order:TRUE"];
}

/** What we find in a capture at a port. */
export async function readOurs(path: string, port: number): Promise<ReadAll> {
  return readAll([readFileSync(path)], { packets: await compilePacketFilter(`tcp port ${port}`) });
}

/** The messages in the form in which tshark's are. */
export function told({ messages }: ReadAll): Told[] {
  return messages.map(({ hex, xid, sec, nsec }) => {
    const [version, type] = [hex.slice(0, 2), hex.slice(2, 4)].map((byte) => Number.parseInt(byte, 16));
    return `${version} ${type} ${xid} ${sec}.${String(nsec).padStart(9, "0")}`;
  });
}

/**
 * What tshark finds, of the versions that it knows. Of packets that were captured short it also shows messages without an end, and what
 * is in a first fragment though the others are missing: the last message of such a packet is left out, and all of such a fragment.
 */
export async function tsharkMessages(path: string, port: number): Promise<Told[]> {
  const versions = Object.entries(TSHARK_FIELDS);
  const fields = [
    "frame.time_epoch",
    "frame.len",
    "frame.cap_len",
    "ip.flags.mf",
    ...versions.flatMap(([, names]) => names),
  ];
  const args = [...tsharkOptions(path, port), "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
  const text = (await runProgram("tshark", args, { limit: 60_000 })).toString();
  return text.split("\n").flatMap((line) => {
    const [time = "", length, captured, more, ...lists] = line.split("\t");
    return versions.flatMap(([version], n) => {
      const [types, xids] = [lists[2 * n], lists[2 * n + 1]].map((list) => (list ?? "").split(","));
      const all = (xids as string[]).map((xid, at) => [types?.[at], xid]).filter(([, xid]) => xid !== "");
      const whole = length === captured ? all : more === "1" ? [] : all.slice(0, -1);
      return whole.map(([type, xid]) => `${version} ${type} ${Number(xid)} ${time}`);
    });
  });
}

/**
 * The bytes that each direction of the first `streams` connections has sent, as tshark puts them together, as hexadecimal digits. What is
 * missing in them is a remark of tshark's.
 */
export async function tsharkStreams(path: string, port: number, streams: number): Promise<string[]> {
  const follow = Array.from({ length: streams }, (_, n) => ["-z", `follow,tcp,raw,${n}`]).flat();
  const text = await runProgram("tshark", [...tsharkOptions(path, port), "-q", ...follow], { limit: 60_000 });
  const parts = text.toString().split(/^=+$/m);
  // What the second end has sent is indented.
  return parts.flatMap((part) =>
    [/^[0-9a-f]+$/gm, /^\t[0-9a-f]+$/gm].map((lines) =>
      (part.match(lines) ?? []).join("").replaceAll("\t", ""),
    ),
  );
}

/** The messages that a stream is made of, by their lengths. */
export function cutMessages(stream: string): string[] {
  const messages: string[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 2 * Number.parseInt(stream.slice(at + 4, at + 8), 16);
    messages.push(stream.slice(at, end));
    at = Math.max(end, at + 16);
  }
  return messages;
}
