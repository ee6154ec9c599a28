// Captures made of what went over connections: their bytes, by hand, and what tshark reads.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Conversation, ConversationWriter } from "../../src/pcap/index.js";

const FACTS = { program: "oftr 1", name: "oftr", description: "a test" };
const V4: Conversation = {
  client: { host: "10.0.0.1", port: 40000 },
  server: { host: "10.0.0.2", port: 6653 },
  clientIsRemote: true,
};
const V6: Conversation = { ...V4, client: { host: "::1", port: 40001 }, server: { host: "::1", port: 6633 } };
const TIME = { sec: 1_700_000_000, nsec: 123_456_789 };
const HELLO = Buffer.from("0400000800000007", "hex");
const hasTshark = spawnSync("tshark", ["-v"]).status === 0;

/** The fields of each packet that tshark reads, with all checksums verified. */
function read(file: Buffer, ...fields: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "oftr-pcapng-"));
  try {
    writeFileSync(join(folder, "file"), file);
    const checks = ["ip.check_checksum", "tcp.check_checksum"].flatMap((name) => ["-o", `${name}:TRUE`]);
    const columns = ["-T", "fields", "-E", "separator=|", ...fields.flatMap((field) => ["-e", field])];
    return execFileSync("tshark", ["-r", join(folder, "file"), ...checks, ...columns], {
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .trimEnd()
      .split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a capture of conversations", () => {
  it("starts with the program, and an interface of Ethernet frames and nanoseconds", () => {
    const expected = [
      "0a0d0d0a 2c000000 4d3c2b1a 01000000 ffffffffffffffff 0400 0600 6f66747220310000 00000000 2c000000",
      "01000000 34000000 0100 0000 00000000 0200 0400 6f667472 0300 0600 6120746573740000 0900 0100 09000000 00000000 34000000",
    ];
    expect(new ConversationWriter(FACTS).take().toString("hex")).toBe(expected.join("").replaceAll(" ", ""));
  });

  it("has a message in a packet with both headers and their sums", () => {
    const writer = new ConversationWriter(FACTS);
    writer.take();
    writer.add(V4, "client", HELLO, TIME, "note");
    const expected = [
      // Block, length, interface, the time 17979cfe 3d85cd15, lengths.
      "06000000 74000000 00000000 fe9c9717 15cd853d 3e000000 3e000000",
      "020000000002 020000000001 0800",
      // 20 + 28 bytes from 10.0.0.1 to 10.0.0.2, number 1.
      "4500 0030 0001 4000 4006 26c5 0a000001 0a000002",
      // 40000 to 6653, 1 after 1, PSH and ACK.
      "9c40 19fd 00000001 00000001 5018 ffff e173 0000",
      // HELLO, padding; inbound; the comment; the end of options, length.
      "0400000800000007 0000 02000400 01000000 01000400 6e6f7465 00000000 74000000",
    ];
    expect(writer.take().toString("hex")).toBe(expected.join("").replaceAll(" ", ""));
  });

  it.runIf(hasTshark)("is read by tshark with true addresses, times, numbers and good sums", () => {
    const writer = new ConversationWriter(FACTS);
    const long = Buffer.alloc(65_535);
    long.set(Buffer.from("040dffff00000001", "hex"));
    for (const conversation of [V4, V6]) {
      writer.open(conversation, TIME);
      writer.add(conversation, "client", HELLO, TIME);
      writer.add(conversation, "server", HELLO, TIME);
      writer.skip(conversation, "client", 100);
      writer.add(conversation, "client", HELLO, TIME, "100 bytes before");
      writer.add(conversation, "server", long, TIME);
      writer.close(conversation, { sec: 1_700_000_001, nsec: 0 });
    }
    const rows = read(
      writer.take(),
      ...["ip.src", "ipv6.src", "tcp.srcport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len", "tcp.flags"],
      ...["ip.checksum.status", "tcp.checksum.status", "frame.time_epoch", "frame.comment"],
    );
    const at = "1700000000.123456789";
    const row = (v6: boolean, side: string, numbers: string, time = at, note = ""): string => {
      const port = { c: v6 ? 40001 : 40000, s: v6 ? 6633 : 6653 }[side];
      const source = v6 ? "|::1" : `10.0.0.${side === "c" ? 1 : 2}|`;
      return `${source}|${port}|${numbers}|${v6 ? "" : 1}|1|${time}|${note}`;
    };
    const expected = [false, true].flatMap((v6) => [
      row(v6, "c", "0|0|0|0x0002"),
      row(v6, "s", "0|1|0|0x0012"),
      row(v6, "c", "1|1|0|0x0010"),
      row(v6, "c", "1|1|8|0x0018"),
      row(v6, "s", "1|9|8|0x0018"),
      row(v6, "c", "109|9|8|0x0018", at, "100 bytes before"),
      row(v6, "s", "9|117|32768|0x0018"),
      row(v6, "s", "32777|117|32767|0x0018"),
      row(v6, "c", "117|65544|0|0x0011", "1700000001.000000000"),
      row(v6, "s", "65544|118|0|0x0011", "1700000001.000000000"),
    ]);
    expect(rows).toEqual(expected);
  });

  it("writes an IPv4 address as IPv6 where the other end has one of those, and none as the unspecified one", () => {
    const writer = new ConversationWriter(FACTS);
    writer.take();
    writer.add({ ...V4, server: { host: "", port: 6653 } }, "client", HELLO, TIME);
    expect(writer.take().toString("hex")).toContain(`00000000000000000000ffff0a000001${"0".repeat(32)}`);
  });
});
