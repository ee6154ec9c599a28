import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compilePacketFilter, loadPacketFilter, PacketFilterError } from "../../src/packet/index.js";

/** The code for `icmp`, written down from tcpdump 4.99.3. */
const ICMP = "6\n40 0 0 12\n21 0 3 2048\n48 0 0 23\n21 0 1 1\n6 0 0 262144\n6 0 0 0\n";
/** Likewise `ip and tcp dst port 80`: with the length of the IP header in X, and no later fragments. */
const PORT_80 = `11
40 0 0 12
21 0 8 2048
48 0 0 23
21 0 6 6
40 0 0 20
69 4 0 8191
177 0 0 14
72 0 0 16
21 0 1 80
6 0 0 262144
6 0 0 0
`;

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s+/g, ""), "hex");

const PING = hex(`02 00 00 00 00 02  02 00 00 00 00 01  08 00
  45 00 00 1c 00 00 00 00 40 01 66 de 0a 00 00 01 0a 00 00 02  08 00 f7 fd 00 01 00 01`);
const REQUEST = hex(`02 00 00 00 00 02  02 00 00 00 00 01  08 00
  46 00 00 2c 00 00 00 00 40 06 00 00 0a 00 00 01 0a 00 00 02  01 01 01 00
  c0 00 00 50 00 00 00 00 00 00 00 00 50 02 00 00 00 00 00 00`);

/** What a program of these instructions returns for the bytes 01 02 … 10; k is masked to 32 bits. */
function returned(...instructions: readonly (readonly [number, number, number, number])[]): boolean {
  const lines = instructions.map((numbers) => numbers.join(" "));
  return loadPacketFilter(`${lines.length}\n${lines.join("\n")}\n`).matches(
    Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  );
}

/** Whether instructions leave this number in A. */
function leaves(a: number, ...instructions: readonly (readonly [number, number])[]): boolean {
  const body = instructions.map(([code, k]) => [code, 0, 0, k] as const);
  return returned(...body, [0x15, 0, 1, a], [0x06, 0, 0, 1], [0x06, 0, 0, 0]);
}

const fault = (program: string): string => {
  try {
    loadPacketFilter(program);
  } catch (error) {
    if (error instanceof PacketFilterError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "taken";
};

describe("a program of tcpdump", () => {
  it("tells the frames that it is for", () => {
    const icmp = loadPacketFilter(ICMP);
    expect([PING, REQUEST].map((frame) => icmp.matches(frame))).toEqual([true, false]);
    const port = loadPacketFilter(PORT_80);
    expect([PING, REQUEST].map((frame) => port.matches(frame))).toEqual([false, true]);
  });

  it("reads the frame between two places of a buffer, and nothing beyond it", () => {
    const icmp = loadPacketFilter(ICMP);
    const around = Buffer.concat([REQUEST, PING, REQUEST]);
    expect(icmp.matches(around, REQUEST.length, REQUEST.length + PING.length)).toBe(true);
    expect(icmp.matches(around, REQUEST.length, REQUEST.length + 23)).toBe(false);
    expect(icmp.matches(around, REQUEST.length, REQUEST.length + 24)).toBe(true);
    expect(icmp.matches(new Uint8Array(0))).toBe(false);
  });
});

describe("an instruction", () => {
  it("loads words, half words and bytes, at a place or behind X", () => {
    expect(leaves(0x01020304, [0x20, 0])).toBe(true);
    expect(leaves(0x0d0e0f10, [0x20, 12])).toBe(true);
    expect(leaves(0x0203, [0x28, 1])).toBe(true);
    expect(leaves(0x10, [0x30, 15])).toBe(true);
    expect(leaves(0x04050607, [0x01, 2], [0x40, 1])).toBe(true);
    expect(leaves(0x0405, [0x01, 2], [0x48, 1])).toBe(true);
    expect(leaves(0x04, [0x01, 2], [0x50, 1])).toBe(true);
    // The lower four bits of byte 5, four times.
    expect(leaves(24, [0xb1, 5], [0x87, 0])).toBe(true);
    expect(leaves(16, [0x80, 0])).toBe(true);
    expect(leaves(16, [0x81, 0], [0x87, 0])).toBe(true);
    expect(leaves(9, [0x00, 9])).toBe(true);
  });

  it("ends the program with 0 when it loads from behind the packet", () => {
    for (const [code, k] of [
      [0x20, 13],
      [0x28, 15],
      [0x30, 16],
      [0xb1, 16],
      [0x30, 0xffffefff],
    ] as const) {
      expect(returned([code, 0, 0, k], [0x06, 0, 0, 1]), `${code} ${k}`).toBe(false);
    }
    expect(returned([0x01, 0, 0, 0xffffffff], [0x50, 0, 0, 1], [0x06, 0, 0, 1])).toBe(false);
  });

  it("keeps A and X in scratch memory", () => {
    expect(leaves(7, [0x00, 7], [0x02, 15], [0x00, 1], [0x60, 15])).toBe(true);
    expect(leaves(8, [0x01, 8], [0x03, 0], [0x61, 0], [0x87, 0])).toBe(true);
    expect(leaves(0, [0x00, 1], [0x60, 3])).toBe(true);
    expect(leaves(5, [0x00, 5], [0x07, 0], [0x00, 1], [0x87, 0])).toBe(true);
  });

  it("calculates with 32 bits, without signs", () => {
    expect(leaves(1, [0x00, 0xffffffff], [0x04, 2])).toBe(true);
    expect(leaves(0xffffffff, [0x00, 1], [0x14, 2])).toBe(true);
    expect(leaves(0xfffffffe, [0x00, 0xffffffff], [0x24, 2])).toBe(true);
    expect(leaves(0x7fffffff, [0x00, 0xffffffff], [0x34, 2])).toBe(true);
    expect(leaves(0xf000000f, [0x00, 0xf0000000], [0x44, 15])).toBe(true);
    expect(leaves(0xf0000000, [0x00, 0xff000000], [0x54, 0xf0ffffff])).toBe(true);
    expect(leaves(0x80000000, [0x00, 3], [0x64, 31])).toBe(true);
    expect(leaves(1, [0x00, 0x80000000], [0x74, 31])).toBe(true);
    expect(leaves(0xffffffff, [0x00, 1], [0x84, 0])).toBe(true);
    expect(leaves(3, [0x00, 0xffffffff], [0x94, 4])).toBe(true);
    expect(leaves(0xf0000001, [0x00, 0xff000001], [0xa4, 0x0f000000])).toBe(true);
    expect(leaves(6, [0x01, 2], [0x00, 3], [0x2c, 0])).toBe(true);
    expect(leaves(0, [0x01, 32], [0x00, 3], [0x6c, 0])).toBe(true);
    expect(returned([0x01, 0, 0, 0], [0x3c, 0, 0, 0], [0x06, 0, 0, 1])).toBe(false);
    expect(returned([0x01, 0, 0, 0], [0x9c, 0, 0, 0], [0x06, 0, 0, 1])).toBe(false);
  });

  it("compares without signs, and jumps", () => {
    const jump = (code: number, a: number, k: number): boolean =>
      returned([0x00, 0, 0, a], [code, 1, 0, k], [0x06, 0, 0, 0], [0x06, 0, 0, 1]);
    expect(jump(0x25, 0x80000000, 0x7fffffff)).toBe(true);
    expect(jump(0x25, 5, 5)).toBe(false);
    expect(jump(0x35, 5, 5)).toBe(true);
    expect(jump(0x45, 0x80000000, 0x80000000)).toBe(true);
    expect(jump(0x45, 4, 3)).toBe(false);
    expect(returned([0x05, 0, 0, 1], [0x06, 0, 0, 0], [0x06, 0, 0, 1])).toBe(true);
    expect(
      returned([0x01, 0, 0, 4], [0x00, 0, 0, 4], [0x1d, 0, 1, 0], [0x16, 0, 0, 0], [0x06, 0, 0, 0]),
    ).toBe(true);
  });

  it("finds no tag beside the frame", () => {
    expect(leaves(0, [0x00, 1], [0x30, 0xfffff030])).toBe(true);
    expect(leaves(0, [0x00, 1], [0x28, 0xfffff02c])).toBe(true);
  });
});

describe("a program that could do harm", () => {
  it("is refused, with the reason", () => {
    const one = (line: string): string => fault(`2\n${line}\n6 0 0 0\n`);
    const is = (reason: string): string => `PROGRAM filter program: ${reason}`;
    expect(one("5 0 0 1")).toBe(is("instruction 0: jumps out of the program"));
    expect(one("21 1 0 1")).toBe(is("instruction 0: jumps out of the program"));
    expect(one("21 0 1 1")).toBe(is("instruction 0: jumps out of the program"));
    expect(one("5 0 0 4294967295")).toBe(
      is("jumps backwards, as those of protochain do, and might never end"),
    );
    expect(one("2 0 0 16")).toBe(is("instruction 0: no scratch word 16"));
    expect(one("97 0 0 16")).toBe(is("instruction 0: no scratch word 16"));
    expect(one("52 0 0 0")).toBe(is("instruction 0: divides by zero"));
    expect(one("100 0 0 32")).toBe(is("instruction 0: shifts by 32 bits"));
    expect(one("255 0 0 0")).toBe(is("instruction 0: code 255 is not known"));
    expect(one("40 0 0 4294963204")).toMatch(/only the system that captures a packet knows/);
    expect(one("6 256 0 0")).toBe(is('instruction 0: "6 256 0 0" is none'));
    expect(one("6 0 0")).toBe(is('instruction 0: "6 0 0" is none'));
    expect(fault("1\n0 0 0 0\n")).toBe(is("the last instruction does not return"));
    expect(fault("0\n")).toBe(is("0 instructions, can have 1 to 4096"));
    expect(fault("")).toBe(is('-1 instructions after a count of ""'));
    expect(fault(`4097\n${"6 0 0 0\n".repeat(4097)}`)).toBe(is("4097 instructions, can have 1 to 4096"));
  });

  it("ends, whatever it is", () => {
    const code = fc.constantFrom(
      ...[0x00, 0x20, 0x28, 0x30, 0x40, 0x50, 0x60, 0x80, 0xb1, 0x02, 0x03, 0x04, 0x2c, 0x3c, 0x15, 0x1d],
      ...[0x25, 0x45, 0x05, 0x06, 0x16, 0x07, 0x87],
    );
    const line = fc.tuple(code, fc.nat(9), fc.nat(9), fc.oneof(fc.nat(20), fc.nat(0xffffffff)));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.uint8Array({ maxLength: 64 }), (lines, packet) => {
        const program = [...lines, [6, 0, 0, 1]].map((numbers) => numbers.join(" "));
        try {
          loadPacketFilter(`${program.length}\n${program.join("\n")}\n`).matches(packet);
        } catch (error) {
          expect(error).toBeInstanceOf(PacketFilterError);
        }
      }),
    );
  });
});

describe("a filter text", () => {
  let folder: string;
  const path = process.env.PATH;

  /** A tcpdump that does what a shell script says, with the text as $5. */
  const pretend = (script: string): void => {
    writeFileSync(join(folder, "tcpdump"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "tcpdump"), 0o755);
  };
  const failure = async (text: string): Promise<string> => {
    try {
      await compilePacketFilter(text);
    } catch (error) {
      if (error instanceof PacketFilterError) return `${error.code} ${error.message}`;
      throw error;
    }
    return "compiled";
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "oftr-filter-"));
    process.env.PATH = `${folder}:/bin:/usr/bin`;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  it("is translated by tcpdump, as one word and never as an option", async () => {
    pretend(
      `[ "$*" = "-ddd -y EN10MB -- -w /tmp/x; icmp" ] && [ $# = 5 ] && printf '${ICMP.replaceAll("\n", "\\n")}'`,
    );
    const filter = await compilePacketFilter("-w /tmp/x; icmp");
    expect(filter.matches(PING)).toBe(true);
    expect(filter.program).toBe(ICMP);
  });

  it("that tcpdump refuses is told in its words", async () => {
    pretend("echo 'Warning: something' >&2; echo 'tcpdump: unknown host xyzzy' >&2; exit 1");
    expect(await failure("host xyzzy")).toBe("SYNTAX unknown host xyzzy");
    expect(await failure("a\0b")).toBe("SYNTAX has a NUL in it");
    expect(await failure("x".repeat(65_537))).toBe("SYNTAX is longer than 65536 characters");
  });

  it.skipIf(["/usr/sbin", "/sbin", "/usr/local/sbin"].some((at) => existsSync(join(at, "tcpdump"))))(
    "needs tcpdump",
    async () => {
      process.env.PATH = folder;
      expect(await failure("icmp")).toBe(
        "MISSING tcpdump, which translates packet filters, is not installed",
      );
    },
  );
});
