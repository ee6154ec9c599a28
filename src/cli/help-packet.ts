/** `oftr help packet`: the forms in which packets stand in messages, and the fields that they have. */
import { PACKET_FIELDS, PAYLOAD_PROTOCOLS } from "../packet/index.js";
import { helpWidth, wrap } from "./help-text.js";

const TITLE = "Packet: the packet in the data of PACKET_IN and PACKET_OUT, told by its fields";

const FORMS = [
  "_pkt: [{field: ETH_TYPE, value: 0x0806}, ...]   # Fields in a list, as decoding prints them.",
  "_pkt: {ETH_TYPE: 0x0806, ...}                   # Or as an object; one that is repeated has a list.",
  "pkt: ...                                        # The same as _pkt; names may be in lower case.",
  "_pkt_more: ...                                  # More fields in either form; optional.",
  "_pkt_data: HexData                              # The bytes behind the headers.",
  "_pkt_payload: {protocol: DNS, ...}              # Or what they say.",
];

const DOC =
  "oftr decode --pkt-decode prints _pkt and _pkt_payload behind data, --pkt-full _pkt_more, too; events of the daemon have _pkt. Where data is missing or empty, encoding " +
  "builds the frame from them: lengths, checksums, and what one field says about another are computed unless they are " +
  "given, and the frame has 60 bytes at least.";

const EXAMPLE = [
  "type: PACKET_OUT",
  "version: 4",
  "msg:",
  "  actions:",
  "    - action: OUTPUT",
  "      port_no: 1",
  "  pkt:",
  "    eth_dst: '02:00:00:00:00:01'",
  "    eth_src: '02:00:00:00:00:02'",
  "    arp_op: 2",
  "    arp_sha: '02:00:00:00:00:02'",
  "    arp_spa: 10.0.0.2",
  "    arp_tha: '02:00:00:00:00:01'",
  "    arp_tpa: 10.0.0.1",
];

/** Whether a name is that of the page; in any case, and also one of its keys. */
export function isPacketTopic(name: string): boolean {
  return /^_?(packets?|pkt|pkt_more|pkt_data|pkt_payload|packet_?payload)$/i.test(name);
}

/** The page; it ends with a line end. */
export function formatPacketPage(brief: boolean): string {
  const fields = PACKET_FIELDS.flatMap(({ protocol, names }) => [
    "",
    `${protocol}:`,
    ...wrap(names.join(", "), helpWidth() - 2).map((line) => `  ${line}`),
  ]);
  const payloads = wrap(PAYLOAD_PROTOCOLS.join(", "), helpWidth() - 2).map((line) => `  ${line}`);
  const example = brief ? [] : ["", "Example:", ...EXAMPLE.map((line) => `  ${line}`)];
  return `${[
    TITLE,
    ...(brief ? [] : [...wrap(DOC, helpWidth()), ""]),
    ...FORMS,
    ...example,
    ...fields,
    "",
    "Protocols of _pkt_payload:",
    ...payloads,
  ].join("\n")}\n`;
}

/** The page of a field that packets have and matches do not; undefined for other names. */
export function formatPacketField(name: string): string | undefined {
  const upper = name.toUpperCase();
  const owners = PACKET_FIELDS.filter(({ names }) => names.includes(upper)).map(({ protocol }) => protocol);
  if (owners.length === 0) return undefined;
  return `${upper} is a field of packets: ${owners.join(", ")} (oftr help packet)\n`;
}
