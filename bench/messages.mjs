/** Makes messages for the benchmark, OpenFlow 1.3 unless said: plausible, all different, the same ones in every run. */

/** The inputs of the benchmark: what is in them, and a function that makes their n-th message. */
export const INPUTS = {
  "PACKET_IN, 102 bytes": packetIn,
  "FLOW_MOD, 152 bytes": flowMod,
  "mix of 20 types": (n) => MIX[n % MIX.length](n),
};

/** PACKET_IN with frames of 100 bytes whose headers can be told: TCP, ICMP and ARP in turn. */
export const PACKETS = { "PACKET_IN, TCP ICMP ARP": (n) => packetInWith(FRAMES[n % FRAMES.length](n), n) };

/** FLOW_MOD of each version: the same six match fields and two actions, as far as the version has them. */
export const FLOW_MODS = {
  "FLOW_MOD 1.0": flowMod10,
  "FLOW_MOD 1.1": flowMod11,
  "FLOW_MOD 1.1, masks": flowMod11Masked,
  "FLOW_MOD 1.2": (n) => ofVersion(3, flowMod(n)),
  "FLOW_MOD 1.3": flowMod,
  "FLOW_MOD 1.4": (n) => ofVersion(5, flowMod(n)),
  "FLOW_MOD 1.5": (n) => ofVersion(6, flowMod(n)),
};

/** The text of a notification that sends the n-th of different FLOW_MODs: six match fields, two instructions, two actions. */
export function flowModRequest(n) {
  const match = [
    { field: "IN_PORT", value: 1 + (n % 48) },
    { field: "ETH_DST", value: `02:00:00:00:${hexByte(n >> 8)}:${hexByte(n)}` },
    { field: "ETH_TYPE", value: 2048 },
    { field: "IP_PROTO", value: 6 },
    { field: "IPV4_DST", value: `10.${(n >> 8) & 255}.${n & 255}.0`, mask: "255.255.255.0" },
    { field: "TCP_DST", value: 1024 + (n % 30_000) },
  ];
  const actions = [
    { action: "SET_FIELD", field: "ETH_SRC", value: "02:00:00:00:00:01" },
    { action: "OUTPUT", port_no: 1 + (n % 7), max_len: "MAX" },
  ];
  const instructions = [
    { instruction: "APPLY_ACTIONS", actions },
    { instruction: "GOTO_TABLE", table_id: 1 },
  ];
  const msg = {
    table_id: 0,
    command: "ADD",
    cookie: n,
    priority: n % 1000,
    idle_timeout: 60,
    match,
    instructions,
  };
  return JSON.stringify({ method: "OFP.SEND", params: { conn_id: 2, type: "FLOW_MOD", xid: n + 1, msg } });
}

const hexByte = (n) => (n & 255).toString(16).padStart(2, "0");

/** The bytes of `count` messages, one behind the other. */
export function makeInput(make, count) {
  const frames = [];
  for (let n = 0; n < count; n++) frames.push(make(n));
  return Buffer.concat(frames);
}

const MIX = [
  (n) => message(0, n, u16(1), u16(8), u32(0x12)), // HELLO
  (n) => message(1, n, u16(5), u16(n % 7), flowMod(n).subarray(0, 64)), // ERROR
  (n) => message(2, n, u64(n)), // ECHO_REQUEST
  (n) => message(3, n, u64(n)), // ECHO_REPLY
  (n) => message(6, n, u64(n), u32(256), u8(254), u8(0), u16(0), u32(0x4f), u32(0)), // FEATURES_REPLY
  (n) => message(8, n, u16(0), u16(128 + (n % 64))), // GET_CONFIG_REPLY
  packetIn,
  flowRemoved,
  (n) => message(12, n, u8(n % 3), zeros(7), port(n)), // PORT_STATUS
  packetOut,
  flowMod,
  groupMod,
  (n) => message(16, n, u32(n % 48), zeros(4), mac(n), zeros(2), u32(1), u32(1), u32(0x2820), zeros(4)), // PORT_MOD
  (n) => message(17, n, u8(n), zeros(3), u32(3)), // TABLE_MOD
  flowDescReply,
  (n) => multipart(19, n, 4, portStats(n), portStats(n + 1)), // PORT_STATS_REPLY
  (n) => multipart(19, n, 5, u32(n % 48), u32(1), u64(n * 99), u64(n), u64(0), u32(n), u32(5)), // QUEUE_STATS_REPLY
  (n) => multipart(19, n, 13, port(n), port(n + 1)), // PORT_DESC_REPLY
  (n) => message(24, n, u32(2), zeros(4), u64(n)), // ROLE_REQUEST
  (n) => message(29, n, u16(0), u16(5), u32(n), u16(1), u16(16), u32(1000), u32(100), zeros(4)), // METER_MOD
];

/** A 60-byte frame that came in on a port: 102 bytes. */
function packetIn(n) {
  const data = Buffer.alloc(60);
  Buffer.concat([mac(n), mac(n + 1), u16(0x800), u16(0x4500), u16(46)]).copy(data);
  data.fill(n, 34);
  return packetInWith(data, n);
}

function packetInWith(data, n) {
  const match = Buffer.concat([u16(1), u16(12), field(0, u32(n % 48)), zeros(4)]);
  return message(10, n, u32(0xffffffff), u16(data.length), u8(0), u8(n % 4), u64(n), match, zeros(2), data);
}

/** Frames of 100 bytes; checksums are right. */
const FRAMES = [
  (n) =>
    ipv4Frame(6, n, [u16(1024 + (n % 60000)), u16(80), u32(n), u32(n), u16(0x5018), u16(0xffff), zeros(4)]),
  (n) => ipv4Frame(1, n, [u16(0x0800), zeros(2), u16(n), u16(1)]),
  (n) => arpFrame(n),
];

function ipv4Frame(protocol, n, parts) {
  const head = [u16(0x4500), u16(86), u16(n), u16(0x4000), u8(64), u8(protocol), zeros(2), ...ends(n)];
  const frame = Buffer.alloc(100);
  Buffer.concat([mac(n), mac(n + 1), u16(0x800), ...head, ...parts]).copy(frame);
  frame.writeUInt16BE(checksum(frame.subarray(14, 34)), 24);
  if (protocol === 6) {
    const pseudo = Buffer.concat([...ends(n), u16(6), u16(66)]);
    frame.writeUInt16BE(checksum(Buffer.concat([pseudo, frame.subarray(34)])), 50);
  } else {
    frame.writeUInt16BE(checksum(frame.subarray(34)), 36);
  }
  return frame;
}

function arpFrame(n) {
  const [sender, target] = ends(n);
  const frame = Buffer.alloc(100);
  const head = [mac(n), mac(n + 1), u16(0x806), u16(1), u16(0x800), u16(0x0604), u16(1 + (n % 2))];
  Buffer.concat([...head, mac(n + 1), sender, mac(n), target]).copy(frame);
  return frame;
}

/** RFC 1071, of an even number of bytes. */
function checksum(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Six match fields, two instructions, two actions: 152 bytes. */
function flowMod(n) {
  const actions = [
    u16(25),
    u16(16),
    field(3, mac(n + 2)),
    zeros(2), // SET_FIELD ETH_DST
    u16(0),
    u16(16),
    u32(n % 48),
    u16(0xffe5),
    zeros(6), // OUTPUT
  ];
  return message(
    14,
    n,
    u64(n * 65537),
    u64(0),
    u8(n % 8),
    u8(0),
    u16(60),
    u16(3600),
    u16(n % 65536),
    u32(0xffffffff),
    u32(0xffffffff),
    u32(0xffffffff),
    u16(1),
    zeros(2),
    u16(1),
    u16(54),
    field(0, u32(n % 48)),
    field(3, mac(n)),
    field(4, mac(n + 1)),
    field(5, u16(0x800)),
    field(11, u32(0x0a000000 + (n & 0xffff))),
    field(12, u32(0x0a010000 + (n & 0xffff))),
    zeros(2),
    u16(4),
    u16(40),
    zeros(4),
    ...actions, // APPLY_ACTIONS
    u16(1),
    u16(8),
    u8((n % 8) + 1),
    zeros(3), // GOTO_TABLE
  );
}

/** struct ofp_match of 40 bytes, SET_DL_DST and OUTPUT (OF 1.0 §5.2.3, §5.2.4, §5.3.3): 96 bytes. */
function flowMod10(n) {
  const wildcards = u32(0x003820e2 & ~(0xfff << 8)); // all but in_port, dl_src, dl_dst, dl_type, nw_src, nw_dst
  const match = [
    wildcards,
    u16(n % 48),
    mac(n + 1),
    mac(n),
    zeros(4),
    u16(0x800),
    zeros(4),
    ...ends(n),
    zeros(4),
  ];
  const head = [u64(n * 65537), u16(0), u16(60), u16(3600), u16(n), u32(0xffffffff), u16(0xffff), u16(1)];
  const actions = [u16(5), u16(16), mac(n + 2), zeros(6), u16(0), u16(8), u16(n % 48), u16(0xffe5)];
  return ofVersion(1, message(14, n, ...match, ...head, ...actions));
}

/** struct ofp_match of 88 bytes, in whose masks a 1 bit is a wildcard (OF 1.1 §A.2.3), and SET_DL_DST: 184 bytes. */
function flowMod11(n) {
  return flowMod11With(n, zeros(6), zeros(4));
}

/** The same with half of each address: a form that does not depend on what a bit of a mask means, for peers that read it wrongly. */
function flowMod11Masked(n) {
  return flowMod11With(n, Buffer.from([0, 0, 0, 0xff, 0xff, 0xff]), Buffer.from([0, 0, 0xff, 0xff]));
}

/** @param wildMac, wildIp  the bits of addresses that do not count */
function flowMod11With(n, wildMac, wildIp) {
  const macs = [mac(n + 1), mac(n)].flatMap((address) => [without(wildMac, address), wildMac]);
  const ips = ends(n).flatMap((address) => [without(wildIp, address), wildIp]);
  const match = [
    ...[u16(0), u16(88), u32(n % 48), u32(0x000003f6), ...macs],
    ...[zeros(4), u16(0x800), zeros(2), ...ips, zeros(12), u64(0), Buffer.alloc(8, 0xff)],
  ];
  const head = [u64(n * 65537), u64(0), u8(n % 8), u8(0), u16(60), u16(3600), u16(n), u32(0xffffffff)];
  const actions = [
    u16(4),
    u16(16),
    mac(n + 2),
    zeros(6),
    u16(0),
    u16(16),
    u32(n % 48),
    u16(0xffe5),
    zeros(6),
  ];
  const instructions = [u16(4), u16(40), zeros(4), ...actions, u16(1), u16(8), u8((n % 8) + 1), zeros(3)];
  const ports = [u32(0xffffffff), u32(0xffffffff), u16(1), zeros(2)];
  return ofVersion(2, message(14, n, ...head, ...ports, ...match, ...instructions));
}

function ends(n) {
  return [u32(0x0a000000 + (n & 0xffff)), u32(0x0a010000 + (n & 0xffff))];
}

/** An address with the wild bits zero. */
function without(wild, address) {
  return address.map((byte, i) => byte & ~wild[i]);
}

function ofVersion(version, frame) {
  frame[0] = version;
  return frame;
}

function flowRemoved(n) {
  return message(
    11,
    n,
    u64(n),
    u16(100),
    u8(n % 4),
    u8(0),
    u32(n),
    u32(500000000),
    u16(60),
    u16(0),
    u64(n * 3),
    u64(n * 1500),
    u16(1),
    u16(12),
    field(0, u32(n % 48)),
    zeros(4),
  );
}

function packetOut(n) {
  const output = [u16(0), u16(16), u32(n % 48), u16(0), zeros(6)];
  return message(13, n, u32(0xffffffff), u32(0xfffffffd), u16(16), zeros(6), ...output, Buffer.alloc(60, n));
}

function groupMod(n) {
  const bucket = (port) => [
    u16(32),
    u16(1),
    u32(0xffffffff),
    u32(0xffffffff),
    zeros(4),
    u16(0),
    u16(16),
    u32(port),
    u16(0),
    zeros(6),
  ];
  return message(15, n, u16(0), u8(1), u8(0), u32(n), ...bucket(1), ...bucket(2));
}

function flowDescReply(n) {
  const flow = (k) => [
    u16(72),
    u8(k % 8),
    u8(0),
    u32(k),
    u32(0),
    u16(100),
    u16(60),
    u16(0),
    u16(1),
    zeros(4),
    u64(k),
    u64(k * 3),
    u64(k * 1500),
    u16(1),
    u16(12),
    field(0, u32(k % 48)),
    zeros(4),
    u16(1),
    u16(8),
    u8(5),
    zeros(3),
  ];
  return multipart(19, n, 1, ...flow(n), ...flow(n + 1));
}

function portStats(n) {
  return Buffer.concat([
    u32(n % 48),
    zeros(4),
    ...Array.from({ length: 12 }, (_, i) => u64(n * i)),
    u32(n),
    u32(0),
  ]);
}

function port(n) {
  const name = Buffer.alloc(16);
  name.write(`eth${n % 48}`);
  return Buffer.concat([
    u32(n % 48),
    zeros(4),
    mac(n),
    zeros(2),
    name,
    u32(0),
    u32(n % 2),
    u32(0x2820),
    u32(0x2820),
    u32(0x282f),
    u32(0),
    u32(1000000),
    u32(10000000),
  ]);
}

function multipart(type, n, kind, ...body) {
  return message(type, n, u16(kind), u16(0), zeros(4), ...body);
}

/** A message of OpenFlow 1.3: header, then the parts. */
function message(type, xid, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(4), u8(type), u16(8 + body.length), u32(xid), body]);
}

/** An OXM field of the basic class (OF 1.3.5 §7.2.3.2), without mask. */
function field(number, value) {
  return Buffer.concat([u16(0x8000), u8(number << 1), u8(value.length), value]);
}

function mac(n) {
  return Buffer.concat([u16(0x0200), u32(Math.imul(n, 2654435761))]);
}

function u8(value) {
  return Buffer.of(value & 0xff);
}

function u16(value) {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(value & 0xffff);
  return b;
}

function u32(value) {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(value >>> 0);
  return b;
}

function u64(value) {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(value));
  return b;
}

function zeros(length) {
  return Buffer.alloc(length);
}
