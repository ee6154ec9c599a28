// The keys that stand beside a frame (`packet: yes`): what it holds, and what it can be built from. src/packet reads and writes them.

/** What the value of a key is: fields of headers, bytes as hex, or what the bytes behind the headers say. */
export type PacketForm = "fields" | "bytes" | "payload";

export interface PacketKey {
  readonly name: string;
  readonly form: PacketForm;
  readonly doc: string;
}

/** All of them, in the order in which decoding prints those that it prints. */
export const PACKET_KEYS: readonly PacketKey[] = [
  {
    name: "_pkt",
    form: "fields",
    doc: "Fields of the packet, as decoding prints them on request; builds the frame where data is missing or empty.",
  },
  {
    name: "_pkt_more",
    form: "fields",
    doc: "What else stands in the headers and is not what building assumes.",
  },
  {
    name: "_pkt_payload",
    form: "payload",
    doc: "What the bytes behind the headers say, when their protocol is known.",
  },
  { name: "_pkt_data", form: "bytes", doc: "The bytes behind the headers; read, never printed." },
  { name: "pkt", form: "fields", doc: "Another name for _pkt; read, never printed." },
];
