import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { buildFrame, PAYLOAD_PROTOCOLS, readPacket } from "../../src/packet/index.js";

/** Bytes of hexadecimal digits with remarks behind #. */
const hex = (text: string): string => text.replace(/#.*$/gm, "").replace(/\s+/g, "").toUpperCase();

const udp = (dst: number): object => ({
  ipv4_src: "10.0.0.1",
  ipv4_dst: "10.0.0.2",
  udp_src: 40_000,
  udp_dst: dst,
});
const ip = (number: number): object => ({ ipv4_src: "10.0.0.1", ipv4_dst: "10.0.0.2", ip_proto: number });
const icmp = (type: number): object => ({ ipv4_src: "10.0.0.1", ipv4_dst: "10.0.0.2", icmpv4_type: type });
const icmp6 = (type: number): object => ({ ipv6_src: "fe80::1", ipv6_dst: "ff02::1", icmpv6_type: type });

/** Expects that a payload is read as `object`, and built from it, in a frame of these fields. */
function expectBoth(pkt: object, bytes: string, object: object): void {
  const frame = Buffer.from(buildFrame({ pkt, _pkt_data: hex(bytes) }));
  expect(readPacket(frame)._pkt_payload).toEqual(object);
  expect(buildFrame({ pkt, _pkt_payload: object })).toEqual(frame);
}

/** The payload that such bytes are read as. */
function read(pkt: object, bytes: string): Record<string, unknown> | undefined {
  const payload = readPacket(buildFrame({ pkt, _pkt_data: hex(bytes) }))._pkt_payload;
  return payload as Record<string, unknown> | undefined;
}

const fault = (pkt: object, _pkt_payload: unknown): string => {
  try {
    buildFrame({ pkt, _pkt_payload });
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  return "built";
};

describe("ICMP", () => {
  it("echo has identifier, sequence and data", () => {
    const object = { identifier: 0x1234, sequence: 7, data: "0102" };
    expectBoth(icmp(8), "1234 0007 0102", { protocol: "ICMPV4_ECHO", ...object });
    expectBoth(icmp6(129), "1234 0007 0102", { protocol: "ICMPV6_ECHO", ...object });
  });

  it("timestamps are three times", () => {
    const times = { originate: 1, receive: 2, transmit: 3 };
    const bytes = "0001 0002 00000001 00000002 00000003";
    expectBoth(icmp(13), bytes, { protocol: "ICMPV4_TIMESTAMP", identifier: 1, sequence: 2, ...times });
  });

  it("errors hold the packet that was the cause, though it is cut short", () => {
    const cut = "4500 0054 0000 4000 40 11 26 97 0a000001 0a000002  9c40 0035 0040 0000";
    const object = {
      protocol: "ICMPV4_ERROR",
      mtu: 1400,
      inner: {
        data: hex(cut),
        _pkt: [
          { field: "IP_PROTO", value: 17 },
          { field: "IPV4_SRC", value: "10.0.0.1" },
          { field: "IPV4_DST", value: "10.0.0.2" },
          { field: "NX_IP_TTL", value: 64 },
          { field: "UDP_SRC", value: 40000 },
          { field: "UDP_DST", value: 53 },
        ],
        _pkt_more: [
          { field: "IPV4_FLAGS", value: ["DF"] },
          { field: "IPV4_LENGTH", value: 84 },
          { field: "UDP_LENGTH", value: 64 },
          { field: "UDP_CHECKSUM", value: 0 },
        ],
      },
    };
    expectBoth(icmp(3), `0000 0578 ${cut}`, object);
    // Without its bytes the packet is built from what they said.
    const { data: _, ...inner } = object.inner;
    const built = buildFrame({ pkt: icmp(3), _pkt_payload: { ...object, inner } });
    expect(built).toEqual(buildFrame({ pkt: icmp(3), _pkt_payload: object }));
    expectBoth(icmp(5), "0a0000fe", { protocol: "ICMPV4_REDIRECT", gateway: "10.0.0.254" });
    expectBoth(icmp6(2), "000005dc", { protocol: "ICMPV6_PACKET_TOO_BIG", mtu: 1500 });
  });

  it("router advertisements have options", () => {
    const bytes = `40 c0 0708 00000000 00000001
      01 01 020000000001
      03 04 40 c0 00278d00 00093a80 00000000 20010db8000000000000000000000000
      05 01 0000 000005dc
      19 03 0000 00000e10 20010db8000000000000000000000053
      1f 01 000000000000`;
    expectBoth(icmp6(134), bytes, {
      protocol: "ICMPV6_ROUTER_ADVERTISEMENT",
      hop_limit: 64,
      flags: ["MANAGED", "OTHER"],
      lifetime: 1800,
      reachable_time: 0,
      retrans_timer: 1,
      options: [
        { option: "SOURCE_LINK_LAYER_ADDRESS", address: "02:00:00:00:00:01" },
        {
          option: "PREFIX_INFORMATION",
          prefix_length: 64,
          flags: ["ON_LINK", "AUTONOMOUS"],
          valid_lifetime: 2592000,
          preferred_lifetime: 604800,
          prefix: "2001:db8::",
        },
        { option: "MTU", mtu: 1500 },
        { option: "RECURSIVE_DNS_SERVER", lifetime: 3600, addresses: ["2001:db8::53"] },
        { option: "DNS_SEARCH_LIST", hex: "000000000000" },
      ],
    });
    expectBoth(icmp6(133), "00000000 0101020000000001", {
      protocol: "ICMPV6_ROUTER_SOLICITATION",
      options: [{ option: "SOURCE_LINK_LAYER_ADDRESS", address: "02:00:00:00:00:01" }],
    });
  });
});

describe("IGMP", () => {
  it("of versions 1 and 2 is a type and a group, its checksum computed", () => {
    const object = { protocol: "IGMP", type: "MEMBERSHIP_REPORT_V2", max_resp_code: 0, group: "239.1.2.3" };
    expectBoth(ip(2), "16 00 f8fa ef010203", object);
    expectBoth(ip(2), "16 00 f8fb ef010203", { ...object, checksum: 0xf8fb });
  });

  it("of version 3 has sources and records", () => {
    expectBoth(ip(2), "11 64 e5e1 ef010203 0a 7d 0001 0a000001", {
      protocol: "IGMP",
      type: "MEMBERSHIP_QUERY",
      max_resp_code: 100,
      checksum: 0xe5e1,
      group: "239.1.2.3",
      suppress: 1,
      qrv: 2,
      qqic: 125,
      sources: ["10.0.0.1"],
    });
    expectBoth(ip(2), "22 00 e1f7 0000 0001  04 00 0001 ef010203 0a000001", {
      protocol: "IGMP",
      type: "MEMBERSHIP_REPORT_V3",
      max_resp_code: 0,
      checksum: 0xe1f7,
      records: [{ type: "CHANGE_TO_EXCLUDE_MODE", group: "239.1.2.3", sources: ["10.0.0.1"] }],
    });
  });

  it("that announces more records than there are says so", () => {
    const { count, rest, records } = read(ip(2), "22 00 0000 0000 0002  04 00 0009 ef010203 0a000001") ?? {};
    expect([count, rest, records]).toEqual([2, "04000009EF0102030A000001", []]);
  });
});

describe("DHCPv4", () => {
  const fixed = `01 01 06 00  3903f326  0000 8000  00000000 00000000 00000000 00000000
    020000000001 00000000000000000000 ${"00".repeat(192)} 63825363`;
  const head = {
    protocol: "DHCPV4",
    op: "BOOTREQUEST",
    xid: 0x3903f326,
    flags: ["BROADCAST"],
    ciaddr: "0.0.0.0",
    yiaddr: "0.0.0.0",
    siaddr: "0.0.0.0",
    giaddr: "0.0.0.0",
    chaddr: "02:00:00:00:00:01",
  };

  it("has options in order, padded to 300 bytes", () => {
    const options = `350101 3204c0a80164 0c0468 6f7374 00 370301 06f9 2b020102
      79 07 08 0a 0a000001 00 5204 01 02 aabb ff`.replace("79 07 08 0a 0a000001 00", "79 06 08 0a 0a000001");
    const bytes = hex(fixed + options);
    expectBoth(udp(67), bytes.padEnd(600, "0"), {
      ...head,
      options: [
        { option: "MESSAGE_TYPE", value: "DISCOVER" },
        { option: "REQUESTED_ADDRESS", value: "192.168.1.100" },
        { option: "HOST_NAME", value: "host" },
        { option: "PAD" },
        { option: "PARAMETER_LIST", value: ["SUBNET_MASK", "DNS_SERVER", 249] },
        { option: "VENDOR_SPECIFIC", hex: "0102" },
        { option: "CLASSLESS_ROUTES", value: [{ destination: "10.0.0.0/8", gateway: "10.0.0.1" }] },
        { option: "RELAY_AGENT", value: [{ option: "CIRCUIT_ID", hex: "AABB" }] },
      ],
    });
  });

  it("tells other lengths, other endings, and values of another form", () => {
    expectBoth(udp(68), `${fixed} 33020001 ff`, {
      ...head,
      options: [{ option: "LEASE_TIME", hex: "0001" }],
      length: 245,
    });
    expectBoth(udp(68), `${fixed} 33040000`, { ...head, options: [], end: 0, rest: "33040000" });
    expectBoth(udp(68), `${fixed} 02 04 ffffb9b0 ff 01`, {
      ...head,
      options: [{ option: "TIME_OFFSET", value: -18000 }],
      rest: "01",
    });
  });
});

describe("DNS", () => {
  const query = "0007 0100 0001 0000 0000 0000  03 777777 07 6578616d706c65 03 636f6d 00 0001 0001";
  const question = { name: "www.example.com", type: "A", class: "IN" };
  const empty = { questions: [], answers: [], authorities: [], additionals: [] };
  const head = { protocol: "DNS", id: 7, opcode: "QUERY", rcode: "NOERROR" };

  it("is flags, questions and records", () => {
    expectBoth(udp(53), query, { ...head, flags: ["RD"], ...empty, questions: [question] });
  });

  it("has names without pointers, and is built with them", () => {
    const bytes = `0007 8180 0001 0003 0001 0001  03 777777 07 6578616d706c65 03 636f6d 00 0001 0001
      c00c 0005 0001 0000003c 0004 01 61 c010
      c02d 0001 0001 0000003c 0004 0a000001
      c010 000f 0001 00000e10 0009 000a 04 6d61696c c010
      c010 0006 0001 00000e10 0018 c02d c04f 00000001 00000002 00000003 00000004 00000005
      c04f 0010 0001 00000000 0006 02 6869 02 796f`;
    expectBoth(udp(5353), bytes, {
      ...head,
      flags: ["QR", "RD", "RA"],
      questions: [question],
      answers: [
        { name: "www.example.com", type: "CNAME", class: "IN", ttl: 60, target: "a.example.com" },
        { name: "a.example.com", type: "A", class: "IN", ttl: 60, address: "10.0.0.1" },
        {
          name: "example.com",
          type: "MX",
          class: "IN",
          ttl: 3600,
          preference: 10,
          exchange: "mail.example.com",
        },
      ],
      authorities: [
        {
          ...{ name: "example.com", type: "SOA", class: "IN", ttl: 3600 },
          ...{ mname: "a.example.com", rname: "mail.example.com" },
          ...{ serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
        },
      ],
      additionals: [{ name: "mail.example.com", type: "TXT", class: "IN", ttl: 0, texts: ["hi", "yo"] }],
    });
  });

  it("with pointers of another kind has its bytes beside the fields", () => {
    // The second name could be a pointer to the first, and is none.
    const name = "03 777777 00";
    const payload = read(udp(53), `0007 0000 0002 0000 0000 0000 ${name} 0001 0001 ${name} 0001 0001`);
    expect(payload).toMatchObject({ questions: [{ name: "www" }, { name: "www" }] });
    expect(payload?.bytes).toBe(
      "00070000000200000000000003777777000001000103777777000001 0001".replace(" ", ""),
    );
    const frame = buildFrame({ pkt: udp(53), _pkt_payload: payload });
    expect(Buffer.from(frame).toString("hex", 42).toUpperCase()).toBe(payload?.bytes);
    expect(fault(udp(53), { ...payload, id: 8 })).toBe(
      "_pkt_payload.id: is not what bytes say: leave one of them out",
    );
  });

  it("names other characters by their numbers", () => {
    const bytes = "0007 0000 0001 0000 0000 0000  04 612e5c20 01 ff 00 0001 0001";
    expectBoth(udp(53), bytes, {
      ...head,
      flags: [],
      ...empty,
      questions: [{ name: "a\\.\\\\\\032.\\255", type: "A", class: "IN" }],
    });
  });

  it("whose names point to themselves, forwards, or are too long, is rest", () => {
    for (const name of ["c00c", "c00e", "c0ff", `${`3f${"61".repeat(63)}`.repeat(4)}00`, "40", "03 7777"]) {
      const { questions, question_count, rest } =
        read(udp(53), `0007 0000 0001 0000 0000 0000 ${name} 00010001`) ?? {};
      expect([questions, question_count, rest]).toEqual([[], 1, hex(`${name} 00010001`)]);
    }
  });

  it("that expands to much more than it is ends early", () => {
    const long = `${`3f${"61".repeat(63)}`.repeat(3)}00`;
    const records = `c00c 0005 0001 00000000 0002 c00c`.repeat(4000);
    const bytes = hex(`0007 0000 0001 0fa0 0000 0000 ${long} 0001 0001 ${records}`);
    const started = performance.now();
    const payload = read(udp(53), bytes);
    expect(JSON.stringify(payload).length).toBeLessThan(6 * 65_535);
    expect((payload!.answers as unknown[]).length).toBeGreaterThan(100);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("tunnels", () => {
  const ARP = hex(`ffffffffffff 020000000001 0806 0001 0800 06 04 0001
    020000000001 0a000001 000000000000 0a000002`);
  const arpFields = [
    { field: "ETH_DST", value: "ff:ff:ff:ff:ff:ff" },
    { field: "ETH_SRC", value: "02:00:00:00:00:01" },
    { field: "ETH_TYPE", value: 0x0806 },
    { field: "ARP_OP", value: 1 },
    { field: "ARP_SPA", value: "10.0.0.1" },
    { field: "ARP_TPA", value: "10.0.0.2" },
    { field: "ARP_SHA", value: "02:00:00:00:00:01" },
    { field: "ARP_THA", value: "00:00:00:00:00:00" },
  ];
  const inner = { data: ARP, _pkt: arpFields, _pkt_more: [{ field: "FRAME_LENGTH", value: 42 }] };
  const DATAGRAM = "4500 001c 0000 0000 40 11 66cf 0a000001 0a000002  0001 0002 0008 ebd8";
  const datagram = {
    data: hex(DATAGRAM),
    _pkt: [
      { field: "IP_PROTO", value: 17 },
      { field: "IPV4_SRC", value: "10.0.0.1" },
      { field: "IPV4_DST", value: "10.0.0.2" },
      { field: "NX_IP_TTL", value: 64 },
      { field: "UDP_SRC", value: 1 },
      { field: "UDP_DST", value: 2 },
    ],
  };

  it("VXLAN holds a frame of a network", () => {
    expectBoth(udp(4789), `08000000 00007b00 ${ARP}`, { protocol: "VXLAN", vni: 123, inner });
    // The frame from its fields alone.
    const { data: _, ...fields } = inner;
    const built = buildFrame({
      pkt: udp(4789),
      _pkt_payload: { protocol: "vxlan", vni: 123, inner: fields },
    });
    expect(Buffer.from(built).toString("hex", 50).toUpperCase()).toBe(ARP);
  });

  it("Geneve has options", () => {
    expectBoth(udp(6081), `02 40 6558 00007b00 0102 80 01 aabbccdd ${ARP}`, {
      protocol: "GENEVE",
      flags: ["CRITICAL"],
      type: 0x6558,
      vni: 123,
      options: [{ class: 0x0102, type: 0x80, hex: "AABBCCDD" }],
      inner,
    });
    expect(read(udp(6081), "3f 00 6558 00007b00")).toBeUndefined();
  });

  it("GRE has a checksum, key and sequence where its flags say so", () => {
    const plain = { protocol: "GRE", flags: [], type: 0x0800, inner: datagram };
    expectBoth(ip(47), `0000 0800 ${DATAGRAM}`, plain);
    // All three, in the order of the header.
    const frame = buildFrame({
      pkt: ip(47),
      _pkt_payload: { ...plain, flags: ["CHECKSUM"], key: 5, sequence: 6 },
    });
    expect(Buffer.from(frame).toString("hex", 34, 38)).toBe("b0000800");
    expect(Buffer.from(frame).toString("hex", 40, 50)).toBe("00000000000500000006");
    expect(readPacket(frame)._pkt_payload).toEqual({
      ...{ ...plain, flags: ["CHECKSUM", "KEY", "SEQUENCE"] },
      ...{ key: 5, sequence: 6 },
    });
    expectBoth(ip(47), `2000 6558 00007b05 ${ARP}`, {
      ...{ protocol: "GRE", flags: ["KEY"], type: 0x6558, key: 0x7b05, vsid: 0x7b, flow_id: 5 },
      inner,
    });
    expectBoth(ip(47), "0000 1234 0102", { protocol: "GRE", flags: [], type: 0x1234, payload: "0102" });
    expect(read(ip(47), "2081 880b 00000000")).toBeUndefined();
  });

  it("in tunnels are told to a depth, and the bytes always", () => {
    let frame = buildFrame({ pkt: { eth_type: 0x9000 } });
    for (let i = 0; i < 10; i++) {
      const payload = { protocol: "VXLAN", vni: i, inner: { data: Buffer.from(frame).toString("hex") } };
      frame = buildFrame({ pkt: udp(4789), _pkt_payload: payload });
    }
    let depth = 0;
    for (
      let at = readPacket(frame)._pkt_payload as { inner?: { _pkt_payload?: object } } | undefined;
      at !== undefined;
      at = at.inner?._pkt_payload as typeof at
    ) {
      depth++;
    }
    expect(depth).toBe(4);
    const again = buildFrame({ pkt: udp(4789), _pkt_payload: readPacket(frame)._pkt_payload });
    expect(again).toEqual(frame);
  });

  it("the customer's frame in PBB is one", () => {
    expectBoth({ eth_type: 0x88e7, pbb_isid: 5 }, ARP, { protocol: "ETHERNET", inner });
  });

  it("whose bytes and fields differ are refused, with the place", () => {
    const other = {
      ...inner,
      _pkt: [...arpFields.slice(0, 3), { field: "ARP_OP", value: 2 }, ...arpFields.slice(4)],
    };
    expect(fault(udp(4789), { protocol: "VXLAN", vni: 1, inner: other })).toBe(
      "_pkt_payload.inner._pkt[3].value: is not what data says: leave one of them out",
    );
    expect(fault(udp(4789), { protocol: "VXLAN", inner: { pkt: { arp_op: "x" } } })).toBe(
      '_pkt_payload.inner.pkt.arp_op: ARP_OP "x" is not a number of 16 bits',
    );
    expect(fault(udp(4789), { protocol: "VXLAN", inner: { _pkts: 1 } })).toBe(
      "_pkt_payload.inner._pkts: is not a known key (did you mean _pkt?)",
    );
  });
});

describe("logical link control", () => {
  it("is told where no protocol of Ethernet follows", () => {
    expectBoth({ eth_type: 5 }, "42 42 03 0000", {
      ...{ protocol: "LLC", dsap: 0x42, ssap: 0x42, control: 3, payload: "0000" },
    });
  });
});

describe("a payload", () => {
  it("of no known protocol, or cut before it says anything, is not told", () => {
    expect(read(udp(9), "0102")).toBeUndefined();
    expect(read(udp(53), "0007")).toBeUndefined();
    expect(read(udp(4789), "0800")).toBeUndefined();
    expect(read(udp(67), "0101")).toBeUndefined();
  });

  it("ends where the headers say; other bytes behind it are a trailer", () => {
    const frame = Buffer.concat([
      buildFrame({ pkt: icmp(8), _pkt_data: "00010002".padEnd(80, "0") }),
      Buffer.from("abcd", "hex"),
    ]);
    const { _pkt, _pkt_more, _pkt_payload } = readPacket(frame);
    expect(_pkt_payload).toEqual({
      ...{ protocol: "ICMPV4_ECHO", identifier: 1, sequence: 2, data: "00".repeat(36), trailer: "ABCD" },
    });
    expect(buildFrame({ _pkt, _pkt_more, _pkt_payload })).toEqual(frame);
  });

  it("that cannot be used is an error with its place", () => {
    expect(fault(udp(53), { protocol: "DSN" })).toBe(
      '_pkt_payload.protocol: "DSN" is not a protocol of payloads (did you mean DNS?)',
    );
    expect(fault(udp(53), {})).toBe("_pkt_payload.protocol: is missing");
    expect(fault(udp(53), { protocol: "DNS", question: [] })).toBe(
      "_pkt_payload.question: is not a known key (did you mean questions?)",
    );
    expect(fault(udp(53), { protocol: "DNS", questions: [{ name: "a..b" }] })).toBe(
      '_pkt_payload.questions[0].name: "a..b" is not a name of DNS: labels have 1 to 63 bytes, names 255 at most',
    );
    expect(fault(udp(53), { protocol: "DNS", questions: [{ name: "a", type: "AAAAA" }] })).toBe(
      '_pkt_payload.questions[0].type: "AAAAA" is neither a number nor a name that is known here (did you mean AAAA?)',
    );
    expect(fault(udp(67), { protocol: "DHCPV4", options: [{ option: "ROUTER", value: ["10.0.0"] }] })).toBe(
      '_pkt_payload.options[0].value[0]: "10.0.0" is not an IPv4Address',
    );
    expect(fault(udp(67), { protocol: "DHCPV4", options: [{ option: 224, value: 1 }] })).toBe(
      "_pkt_payload.options[0].hex: is missing",
    );
    expect(fault(ip(47), { protocol: "GRE", key: 1, vsid: 2 })).toBe(
      "_pkt_payload.key: is 1, but vsid and flow_id are the key 512",
    );
    expect(fault(ip(47), [])).toBe("_pkt_payload: [] is not an object");
  });

  it("of any bytes is built to the same bytes, and never throws", () => {
    const fields = fc.constantFrom(
      ...[53, 67, 4789, 6081].map(udp),
      ...[2, 47].map(ip),
      ...[0, 3, 5, 13].map(icmp),
      ...[1, 2, 4, 128, 133, 134].map(icmp6),
      ...[{ eth_type: 0x88e7, pbb_isid: 1 }, { eth_type: 40 }],
    );
    const start = fc.constantFrom(
      ...[
        "",
        "00078180000100010001000103777777C00C",
        "0800000000000100",
        "0100655800000100",
        "B0006558",
        "2200000000000001",
      ],
      ...[
        "1100000000000000",
        "40C0070800000000000000000101",
        `010106000000000000000000${"00".repeat(224)}63825363350101`,
      ],
    );
    fc.assert(
      fc.property(fields, start, fc.uint8Array({ maxLength: 120 }), (pkt, head, bytes) => {
        const data = head + Buffer.from(bytes).toString("hex");
        const frame = Buffer.from(buildFrame({ pkt, _pkt_data: data }));
        const { _pkt, _pkt_more, _pkt_payload } = readPacket(frame);
        if (_pkt_payload === undefined) return;
        expect(buildFrame({ _pkt, _pkt_more, _pkt_payload })).toEqual(frame);
      }),
      { numRuns: 1000 },
    );
  });

  it("can be of these protocols", () => {
    expect(PAYLOAD_PROTOCOLS).toEqual([
      ...["IGMP", "ICMPV4_ECHO", "ICMPV4_TIMESTAMP", "ICMPV4_REDIRECT", "ICMPV4_ERROR", "ICMPV6_ECHO"],
      ...["ICMPV6_PACKET_TOO_BIG", "ICMPV6_PARAMETER_PROBLEM", "ICMPV6_ERROR", "ICMPV6_ROUTER_SOLICITATION"],
      ...["ICMPV6_ROUTER_ADVERTISEMENT", "DHCPV4", "DNS", "VXLAN", "GENEVE", "GRE", "ETHERNET", "LLC"],
    ]);
  });
});

describe("a payload that IP carries itself", () => {
  const ip = { eth_dst: "01:00:5e:00:00:01", ipv4_src: "10.0.0.1", ipv4_dst: "224.0.0.1", nx_ip_ttl: 1 };
  const query = { protocol: "IGMP", type: "MEMBERSHIP_QUERY", group: "0.0.0.0" };

  it("says its number, where none is given", () => {
    expect(buildFrame({ pkt: { ...ip, payload: query } })[23]).toBe(2);
    expect(buildFrame({ pkt: { ...ip, payload: { protocol: "gre", inner: { data: "0102" } } } })[23]).toBe(
      47,
    );
    expect(buildFrame({ pkt: { ...ip, ip_proto: 99, payload: query } })[23]).toBe(99);
  });
});
