// What the catalog says of the keys around `msg`, which the run time reads and writes and no schema lists.
import { ALL_VERSIONS } from "../base/index.js";

type Entry = Record<string, unknown>;

/** The keys around `msg`, which the run time reads and writes. */
export function messageEnvelope(): Entry {
  const printed = "Printed by decode, ignored by encode.";
  const field = (name: string, type: string, doc: string, more: Entry = {}): Entry => ({
    name,
    type,
    doc,
    ...more,
  });
  const fields = [
    field("type", "Text", "Name of the message: FLOW_MOD, PORT_STATS_REQUEST.", { required: ALL_VERSIONS }),
    field("time", "Text", `Seconds since 1970. ${printed}`),
    field("flags", "[MessageFlags]", "Only of multipart messages, and of how to send.", { assumed: "[]" }),
    field("xid", "UInt32", "Transaction id.", { assumed: "0" }),
    field(
      "version",
      "UInt8",
      "Wire version: 1 is OpenFlow 1.0, 6 is 1.5. Where it is missing, that of the connection or of --ofversion.",
    ),
    field("conn_id", "UInt64", "Which connection it came by or shall go out by."),
    field("src", "Text", `Sender: address and port. ${printed}`),
    field("dst", "Text", `Receiver: address and port. ${printed}`),
    field("datapath_id", "DatapathId", "Which switch it came from or shall go to."),
    field("auxiliary_id", "UInt8", "Which connection of that switch; 0 is the main one."),
    field("_file", "Text", `File that it stands in. ${printed}`),
    field(
      "flow",
      "Text",
      "Of FLOW_MOD, in the place of msg: a flow as ovs-ofctl has it. The type may be missing then.",
    ),
    field("_pair", "Text", `Which request it answers, and how fast: an object (decode --pair). ${printed}`),
    field("msg", "Text", "Keys of this type of message, or a list; see the message."),
  ];
  const doc =
    "A message: what kind it is, where it comes from, and its content. _RAW_MESSAGE is a type without a name: msg is {type: NUMBER, data: HEX}.";
  return {
    kind: "struct",
    name: "Message",
    doc,
    spec: "",
    size: "8 or more",
    body: { versions: ALL_VERSIONS, fields },
    example: { type: "BARRIER_REQUEST", xid: 1, version: 4, msg: {} },
  };
}

/** Flags of the header of multiparts, and of how to send. */
export function messageFlags(): Entry {
  const value = (name: string, bits: string, doc: string): Entry => ({
    name,
    value: bits,
    versions: ALL_VERSIONS,
    doc,
  });
  const values = [
    value("MORE", "0x1", "Further parts of a multipart message follow."),
    value("REPLIED", "0", "Never written: says that a request has been answered."),
    value("NO_ALERT", "0", "Never written: no alert when sending fails."),
    value("NO_FLUSH", "0", "Never written: may wait for further messages."),
  ];
  return {
    kind: "flags",
    name: "MessageFlags",
    doc: "Flags of multipart messages, and of how a message is sent.",
    spec: "",
    values,
    also: {},
  };
}
