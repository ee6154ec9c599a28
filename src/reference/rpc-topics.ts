// What people are told of the daemon's JSON-RPC interface: methods, events, errors.

/** A line of the form of a text, in the manner of YAML, and what there is to say about it. */
export interface RpcLine {
  readonly code: string;
  readonly comment: string;
}

/** A method, or something that the daemon sends. */
export interface RpcTopic {
  readonly name: string;
  readonly kind: "method" | "event" | "error";
  readonly doc: string;
  /** The text in the manner of YAML: keys with their types, and what they mean. */
  readonly shape: readonly RpcLine[];
  /** Whole JSON texts, as they go over the wire. */
  readonly example: readonly string[];
}

const line = (code: string, comment = ""): RpcLine => ({ code, comment });

const ID = line("id: UInt64", "Comes back in the reply; a request without it gets none.");
const DATAPATH = line("  datapath_id: DatapathId", "Once it is known: see FEATURES_REQ of OFP.LISTEN.");
const ENDPOINT = "Address and port: 127.0.0.1:6653, [::1]:6653; a port alone is any address.";

/** The keys that OFP.LISTEN and OFP.CONNECT share. */
const CONNECTION = [
  line("  versions: [UInt8]", "Default all. Wire versions to offer: 1 is OpenFlow 1.0."),
  line("  tls_id: UInt64", "Default 0: no TLS. Otherwise what OFP.ADD_IDENTITY gave."),
  line(
    "  options: [Text]",
    "Default []. FEATURES_REQ: ask for features before CHANNEL_UP. AUXILIARY: take auxiliary connections, too. " +
      "NO_VERSION_CHECK: take messages of other versions than the agreed one.",
  ),
  line("result:"),
  line("  conn_id: UInt64", "Number of the listener or connection."),
];

/** All topics, in the order in which a client meets them. */
export const RPC_TOPICS: readonly RpcTopic[] = [
  {
    name: "OFP.DESCRIPTION",
    kind: "method",
    doc: "Says what the daemon is.",
    shape: [
      ID,
      line("method: OFP.DESCRIPTION"),
      line("result:"),
      line("  api_version: Text", "Version of this interface; a number."),
      line("  sw_desc: Text", "Name and version of the program."),
      line("  versions: [UInt8]", "Wire versions that it speaks."),
    ],
    example: ['{"id":1,"method":"OFP.DESCRIPTION"}'],
  },
  {
    name: "OFP.LISTEN",
    kind: "method",
    doc: "Waits for switches to connect.",
    shape: [
      ID,
      line("method: OFP.LISTEN"),
      line("params:"),
      line("  endpoint: Text", `Required. ${ENDPOINT}`),
      ...CONNECTION,
    ],
    example: [
      '{"id":1,"method":"OFP.LISTEN","params":{"endpoint":"6653","versions":[1,4],"options":["FEATURES_REQ"]}}',
    ],
  },
  {
    name: "OFP.CONNECT",
    kind: "method",
    doc: "Connects to a switch that listens.",
    shape: [
      ID,
      line("method: OFP.CONNECT"),
      line("params:"),
      line("  endpoint: Text", `Required. ${ENDPOINT}`),
      ...CONNECTION,
    ],
    example: ['{"id":1,"method":"OFP.CONNECT","params":{"endpoint":"192.0.2.1:6653"}}'],
  },
  {
    name: "OFP.ADD_IDENTITY",
    kind: "method",
    doc: "Makes an identity for TLS: a certificate, its key, and the authorities that peers must be known to.",
    shape: [
      ID,
      line("method: OFP.ADD_IDENTITY"),
      line("params:", "PEM texts, or paths of files: what has no line end and no -----BEGIN is a path."),
      line("  cert: Text", "Required. Our certificate; those of its chain may follow."),
      line("  privkey: Text", "Required. Its key."),
      line("  password: Text", "Of an encrypted key."),
      line(
        "  cacert: Text",
        "Authorities. Peers must show a certificate that one of them has signed; without cacert none is asked for.",
      ),
      line("  version: Text", "Default TLS1.2-TLS1.3. TLS1.0 to TLS1.3, or a range."),
      line("  ciphers: Text", "As `openssl ciphers` reads it."),
      line(
        "  keylog: Text",
        "File to append secrets of connections to, with which Wireshark reads what was captured.",
      ),
      line("result:"),
      line("  tls_id: UInt64", "For OFP.LISTEN and OFP.CONNECT."),
    ],
    example: [
      '{"id":1,"method":"OFP.ADD_IDENTITY","params":{"cert":"ctl-cert.pem","privkey":"ctl-privkey.pem","cacert":"sw-cacert.pem"}}',
    ],
  },
  {
    name: "OFP.CLOSE",
    kind: "method",
    doc: "Ends a connection, or stops a listener; its connections stay.",
    shape: [
      ID,
      line("method: OFP.CLOSE"),
      line("params:", "One of the two, or both."),
      line("  conn_id: UInt64"),
      line("  datapath_id: DatapathId"),
      line("result:"),
      line("  count: UInt32", "How many were closed: 0 or 1."),
    ],
    example: ['{"id":1,"method":"OFP.CLOSE","params":{"conn_id":2}}'],
  },
  {
    name: "OFP.SEND",
    kind: "method",
    doc: "Sends a message to a switch. The reply says that it is on its way, not what the switch thinks of it.",
    shape: [
      ID,
      line("method: OFP.SEND"),
      line(
        "params: Message",
        "With conn_id or datapath_id. Without version it has that of the connection; without xid it gets a new one.",
      ),
      line("result:"),
      line("  data: HexData", "The header as sent, with the xid that answers will have."),
    ],
    example: ['{"id":1,"method":"OFP.SEND","params":{"conn_id":2,"type":"BARRIER_REQUEST"}}'],
  },
  {
    name: "OFP.LIST_CONNECTIONS",
    kind: "method",
    doc: "Lists listeners and connections.",
    shape: [
      ID,
      line("method: OFP.LIST_CONNECTIONS"),
      line("params:"),
      line("  conn_id: UInt64", "Required. 0 is all."),
      line("result:"),
      line("  stats:", "Listeners first."),
      line("    - local_endpoint: Text"),
      line("      remote_endpoint: Text", "[::]:0 for listeners."),
      line("      datapath_id: DatapathId", "Empty when it is not known."),
      line("      conn_id: UInt64"),
      line("      auxiliary_id: UInt8"),
      line("      transport: TCP | TLS"),
    ],
    example: ['{"id":1,"method":"OFP.LIST_CONNECTIONS","params":{"conn_id":0}}'],
  },
  {
    name: "OFP.SET_FILTER",
    kind: "method",
    doc: "Says which PACKET_INs become events, and has pings answered by the daemon. Replaces all filters, for all connections.",
    shape: [
      ID,
      line("method: OFP.SET_FILTER"),
      line(
        "params:",
        "At most 1024 filters; [] or null is none. The first that a packet matches and whose action can be carried out decides. " +
          "Without one, it becomes an event.",
      ),
      line(
        "  - filter: Text",
        "Required. In the language of tcpdump, which must be installed; the empty one takes all.",
      ),
      line(
        "    action: NONE | GENERIC_REPLY",
        "Required. GENERIC_REPLY answers ICMPv4 echo requests; the event, if any, has flags: [REPLIED]. It cannot be carried out for others.",
      ),
      line(
        "    escalate: Text",
        "Default false: no events. true: all. `n:p/t`: the first n of p packets, counted anew after p packets or t seconds (10, 0.5). " +
          "`n:p` and `n/t` count by one of the two, `n` is n in all.",
      ),
      line("result:"),
      line("  count: UInt32", "How many filters there are now."),
    ],
    example: [
      '{"id":1,"method":"OFP.SET_FILTER","params":[{"filter":"icmp[icmptype]==8","action":"GENERIC_REPLY"},{"filter":"arp","action":"NONE","escalate":"5/1"}]}',
    ],
  },
  {
    name: "OFP.MESSAGE",
    kind: "event",
    doc: "A message from a switch, or news of a connection: CHANNEL_UP, CHANNEL_DOWN, CHANNEL_ALERT. Has no id.",
    shape: [line("method: OFP.MESSAGE"), line("params: Message")],
    example: [
      '{"params":{"type":"BARRIER_REPLY","time":"1700000000.000000001","xid":1,"version":4,"conn_id":2,"msg":{}},"method":"OFP.MESSAGE"}',
    ],
  },
  {
    name: "CHANNEL_UP",
    kind: "event",
    doc: "A connection is ready: version and, if asked for, features are known. Comes before all other messages of the connection.",
    shape: [
      line("method: OFP.MESSAGE"),
      line("params:"),
      line("  type: CHANNEL_UP"),
      line("  time: Text", "Seconds since 1970."),
      line("  xid: 0"),
      line("  version: UInt8", "The version that was agreed on."),
      line("  conn_id: UInt64"),
      DATAPATH,
      line("  msg:"),
      line("    endpoint: Text", "Address and port of the switch."),
      line("    features:", "With FEATURES_REQ: msg of FEATURES_REPLY, with ports in all versions."),
    ],
    example: [],
  },
  {
    name: "CHANNEL_DOWN",
    kind: "event",
    doc: "A connection that was up has ended. Nothing of it comes afterwards.",
    shape: [
      line("method: OFP.MESSAGE"),
      line("params:"),
      line("  type: CHANNEL_DOWN"),
      line("  time: Text", "Seconds since 1970."),
      line("  xid: 0"),
      line("  version: UInt8"),
      line("  conn_id: UInt64"),
      DATAPATH,
    ],
    example: [],
  },
  {
    name: "CHANNEL_ALERT",
    kind: "event",
    doc: "Something went wrong on a connection, or with an OFP.SEND that had no id: then xid is that of its message.",
    shape: [
      line("method: OFP.MESSAGE"),
      line("params:"),
      line("  type: CHANNEL_ALERT"),
      line("  time: Text", "Seconds since 1970."),
      line("  xid: UInt32"),
      line("  conn_id: UInt64"),
      DATAPATH,
      line("  msg:"),
      line("    message: Text"),
      line("    data: HexData", "The bytes that it is about, if any."),
      line(
        "    reason: Text",
        "For programs, where TLS failed: TLS_EXPIRED, TLS_UNKNOWN_CA …: docs/tls.md has all.",
      ),
    ],
    example: [],
  },
  {
    name: "rpc.error",
    kind: "error",
    doc: "The reply to a request that failed.",
    shape: [
      line("id: UInt64", "null when the request had no readable one."),
      line("error:"),
      line(
        "  code: SInt32",
        "-32600: the request is wrong. -32601: there is no such method. -65000: there is no such connection. -65002: OFP.CLOSE of nothing. " +
          "Greater than 0: error number of the system, or of OpenSSL.",
      ),
      line("  message: Text"),
    ],
    example: [],
  },
];
