import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/decode.js";
import { capture, connection, pcapFile } from "../pcap/traffic.js";
import { type Ran, ranWith } from "./catch-output.js";
import { Folder } from "./folder.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

const folder = new Folder();
afterAll(() => folder.remove());

const HELLO = "0100000800000001";
const BARRIER = "0414000800000002";
/** FEATURES_REPLY whose fixed part is cut short. */
const CUT = "040600180000000300000000000000010000000000000000";
const HELLO_JSON = '{"type":"HELLO","xid":1,"version":1,"msg":{}}';
const BARRIER_JSON = '{"type":"BARRIER_REQUEST","xid":2,"version":4,"msg":{}}';

async function decode(hex: string, ...options: string[]): Promise<Ran> {
  const file = folder.file("in.bin", Buffer.from(hex, "hex"));
  const ran = await ranWith(run, [...options, file]);
  return { ...ran, stderr: folder.masked(ran.stderr) };
}

describe("packets", () => {
  /** A PACKET_OUT of OpenFlow 1.0 with 15 bytes of an unknown protocol, and a HELLO. */
  const PACKET_OUT = `010d001f00000001fffffffffffd0000020000000002020000000001 9999 2a`.replaceAll(" ", "");
  const PKT =
    '"_pkt":[{"field":"ETH_DST","value":"02:00:00:00:00:02"},{"field":"ETH_SRC","value":"02:00:00:00:00:01"},' +
    '{"field":"ETH_TYPE","value":39321},{"field":"X_PKT_POS","value":14}]';
  const MORE = '"_pkt_more":[{"field":"FRAME_LENGTH","value":15}]';
  const DATA = '"data":"02000000000202000000000199992A"';

  it("are bytes alone, but for --pkt-decode", async () => {
    expect((await decode(PACKET_OUT, "-j")).stdout).toContain(`${DATA}}}`);
    expect((await decode(PACKET_OUT, "-j", "--pkt-decode")).stdout).toContain(`${DATA},${PKT}}}`);
    const array = await decode(PACKET_OUT + HELLO, "--json-array", "--pkt-full");
    expect(array.stdout).toContain(`${DATA},${PKT},${MORE}}}\n,${HELLO_JSON}\n]`);
  });

  it("stand in YAML, and can be verified", async () => {
    const { code, stdout } = await decode(PACKET_OUT, "--pkt-full", "-V");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  _pkt:\n    - field:           ETH_DST\n      value:           '02:00:00:00:00:02'\n",
    );
  });
});

describe("forms of output", () => {
  it("prints YAML documents", async () => {
    expect(await decode(HELLO + BARRIER)).toEqual({
      code: 0,
      stdout: [
        "---",
        "type:            HELLO",
        "xid:             1",
        "version:         1",
        "msg:             {}",
        "...",
        "---",
        "type:            BARRIER_REQUEST",
        "xid:             2",
        "version:         4",
        "msg:             {}",
        "...",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  it.each(["-j", "--json", "-json"])("prints one JSON object a line with %s", async (option) => {
    expect(await decode(HELLO + BARRIER, option)).toEqual({
      code: 0,
      stdout: `${HELLO_JSON}\n${BARRIER_JSON}\n`,
      stderr: "",
    });
  });

  it("prints a JSON array whose elements start lines, also an empty one", async () => {
    const { stdout } = await decode(HELLO + BARRIER, "--json-array");
    expect(stdout).toBe(`[\n${HELLO_JSON}\n,${BARRIER_JSON}\n]\n`);
    expect((await decode("", "--json-array")).stdout).toBe("[\n]\n");
  });

  it("writes to the file of -o", async () => {
    const out = join(folder.path, "out.json");
    expect(await decode(HELLO, "-j", "-o", out)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(out, "utf8")).toBe(`${HELLO_JSON}\n`);
  });

  it("prints nothing for an empty input", async () => {
    expect(await decode("")).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("--ovs", () => {
  const FLOW = `010e005000000000 003820fe 0003 ${"00".repeat(34)} 0000000000000000 0000 0000 0000 8000 ffffffff ffff 0000 0000000800020000`;

  it("prints flows as ovs-ofctl does, and other messages as JSON", async () => {
    expect(await decode(FLOW.replaceAll(" ", "") + BARRIER, "--ovs")).toEqual({
      code: 0,
      stdout: "in_port=3 actions=output:2\nBARRIER_REQUEST (xid=0x2): {}\n",
      stderr: "",
    });
  });

  it("is a form of its own", async () => {
    for (const other of ["-j", "--json-array", "-V"]) {
      expect((await decode(HELLO, "--ovs", other)).code).toBe(1);
    }
  });
});

describe("what fails", () => {
  it("says what is wrong at which byte of the input, and stops", async () => {
    const { code, stdout, stderr } = await decode(HELLO + CUT + BARRIER, "-j");
    expect(code).toBe(10);
    expect(stdout).toBe(`${HELLO_JSON}\n`);
    expect(stderr).toMatch(
      /^Error: DIR\/in\.bin: byte 16: FEATURES_REPLY: .* \(FEATURES_REPLY at byte 8\)\n$/,
    );
  });

  it("goes on behind the bad message with -k, and fails all the same", async () => {
    const { code, stdout, stderr } = await decode(HELLO + CUT + BARRIER, "-jk");
    expect(code).toBe(10);
    expect(stdout).toBe(`${HELLO_JSON}\n${BARRIER_JSON}\n`);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  it("goes on behind a message that is too short to say what it is", async () => {
    const { code, stdout, stderr } = await decode(`0412000a000000010001${HELLO}`, "-jk");
    expect({ code, stdout }).toEqual({ code: 10, stdout: `${HELLO_JSON}\n` });
    expect(stderr).toMatch(/^Error: DIR\/in\.bin: byte 8: multipart header: .* \(message at byte 0\)\n$/);
  });

  it("skips a message of an unknown version by its length", async () => {
    const { code, stdout, stderr } = await decode(`6300000800000001${BARRIER}`, "-jk");
    expect(code).toBe(10);
    expect(stdout).toBe(`${BARRIER_JSON}\n`);
    expect(stderr).toContain("byte 0: header: version 99");
  });

  it("gives an input up whose header says less than 8 bytes, and reads the next one with -k", async () => {
    const bad = folder.file("bad.bin", Buffer.from(`${HELLO}0100000700000001${BARRIER}`, "hex"));
    const good = folder.file("good.bin", Buffer.from(BARRIER, "hex"));
    const { code, stdout, stderr } = await ranWith(run, ["-jk", bad, good]);
    expect(code).toBe(10);
    expect(stdout).toBe(`${HELLO_JSON}\n${BARRIER_JSON}\n`);
    expect(folder.masked(stderr)).toBe("Error: DIR/bad.bin: byte 10: header: length 7 is less than 8\n");
  });

  it("says so when the input ends inside a message", async () => {
    expect(await decode(`${HELLO}04140008`, "-j")).toEqual({
      code: 13,
      stdout: `${HELLO_JSON}\n`,
      stderr: "Error: DIR/in.bin: byte 8: the input ends 4 bytes into a message\n",
    });
  });

  it("closes the array after a failure", async () => {
    const { stdout } = await decode(`${HELLO}${CUT}${BARRIER}`, "--json-array");
    expect(stdout).toBe(`[\n${HELLO_JSON}\n]\n`);
    const going = await decode(`${CUT}${HELLO}${CUT}${BARRIER}`, "--json-array", "-k");
    expect(going.stdout).toBe(`[\n${HELLO_JSON}\n,${BARRIER_JSON}\n]\n`);
  });

  it("names a file that cannot be opened, and goes on with -k", async () => {
    const missing = join(folder.path, "missing.bin");
    expect(await ranWith(run, [missing])).toMatchObject({
      code: 9,
      stderr: `Error: opening file ${missing}: no such file or directory\n`,
    });
    const good = folder.file("good.bin", Buffer.from(HELLO, "hex"));
    expect(await ranWith(run, ["-jk", missing, good])).toMatchObject({ code: 9, stdout: `${HELLO_JSON}\n` });
  });

  it("names a folder that was given as a file", async () => {
    expect(await ranWith(run, [folder.path])).toMatchObject({
      code: 9,
      stderr: `Error: opening file ${folder.path}: is a directory\n`,
    });
  });

  it("names an output that cannot be opened", async () => {
    const out = join(folder.path, "missing", "out");
    expect(await decode(HELLO, "-o", out)).toMatchObject({
      code: 9,
      stderr: "Error: opening file for output DIR/missing/out: no such file or directory\n",
    });
  });

  it.each(["--roundtrip", "--pkt-bogus", "-y"])("refuses the unknown option %s by name", async (option) => {
    expect(await ranWith(run, [option])).toMatchObject({ code: 1, stderr: expect.stringContaining(option) });
  });
});

/** ROLE_REQUEST whose padding is not zero: encoding it again gives other bytes. */
const PADDED = "041800180000000300000001ffffffff0000000000000001";
const PADDED_JSON =
  '{"type":"ROLE_REQUEST","xid":3,"version":4,"msg":{"role":"ROLE_EQUAL","generation_id":1}}';

describe("checks", () => {
  it.each([["-j"], ["--json-array"], []])(
    "finds nothing to say with -V %j about messages that come back as they were",
    async (...options) => {
      const plain = await decode(HELLO + BARRIER, ...options);
      expect(await decode(HELLO + BARRIER, "-V", ...options)).toEqual({ ...plain, code: 0, stderr: "" });
    },
  );

  it.each([["-j"], ["--json-array"], []])(
    "names the first byte that differs with -V %j, behind the message",
    async (...options) => {
      const { code, stdout, stderr } = await decode(HELLO + PADDED + BARRIER, "-V", ...options);
      expect(code).toBe(12);
      expect(stdout).toContain("ROLE_REQUEST");
      expect(stdout).not.toContain("BARRIER");
      expect(stderr).toBe(
        "Error: DIR/in.bin: byte 20: what was printed encodes to 00 instead of FF here (ROLE_REQUEST at byte 8)\n",
      );
    },
  );

  it("fails for each message that can be decoded with -v, and prints none", async () => {
    expect(await decode(CUT, "-v")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await decode(CUT + HELLO + CUT + BARRIER, "-jvk")).toEqual({
      code: 11,
      stdout: "",
      stderr: ["HELLO at byte 24", "BARRIER_REQUEST at byte 56"]
        .map((where) => {
          const reason = "decoded, and --invert-check expects that no message can be";
          return `Error: DIR/in.bin: byte ${/\d+/.exec(where)}: ${reason} (${where})\n`;
        })
        .join(""),
    });
    expect(await decode("0100000700000001", "-v")).toMatchObject({ code: 0, stderr: "" });
    expect((await decode("010000", "-v")).code).toBe(13);
    expect((await decode(CUT, "-v", "--json-array")).stdout).toBe("[\n]\n");
  });

  it("refuses -v with -V", async () => {
    const { code, stderr } = await ranWith(run, ["-v", "-V"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("--invert-check prints nothing"),
    });
  });
});

describe("what is printed besides", () => {
  it("prints nothing with -s, and creates the file of -o", async () => {
    expect(await decode(HELLO, "-s")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await decode(HELLO + CUT, "-s", "--json-array")).toMatchObject({ code: 10, stdout: "" });
    const out = join(folder.path, "silent.json");
    await decode(HELLO, "-js", "-o", out);
    expect(readFileSync(out, "utf8")).toBe("");
  });

  it("tells of wrong messages by the exit code only with --silent-error, of missing files all the same", async () => {
    const text = `${HELLO_JSON}\n${BARRIER_JSON}\n`;
    expect(await decode(HELLO + CUT + BARRIER, "-jk", "--silent-error")).toEqual({
      code: 10,
      stdout: text,
      stderr: "",
    });
    const missing = join(folder.path, "missing.bin");
    const { code, stderr } = await ranWith(run, ["--silent-error", missing]);
    expect({ code, stderr }).toEqual({
      code: 9,
      stderr: `Error: opening file ${missing}: no such file or directory\n`,
    });
  });

  it("prints the name of the file with --show-filename", async () => {
    const { stdout } = await decode(HELLO, "-j", "--show-filename");
    expect(folder.masked(stdout)).toBe(
      '{"type":"HELLO","xid":1,"version":1,"_file":"DIR/in.bin","msg":{}}\n',
    );
  });

  it("prints no time for a file, which does not say when its messages came", async () => {
    expect((await decode(HELLO, "-j", "--timestamp=secs")).stdout).toBe(`${HELLO_JSON}\n`);
    expect((await decode(HELLO, "-j", "--timestamp=none")).stdout).toBe(`${HELLO_JSON}\n`);
  });

  it("leaves out the types that are not wanted, with what is wrong in them", async () => {
    const { code, stdout } = await decode(HELLO + CUT + BARRIER, "-j", "--msg-include=hello,barr*");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${HELLO_JSON}\n${BARRIER_JSON}\n` });
    expect((await decode(HELLO + BARRIER, "-j", "--msg-exclude", "HELLO")).stdout).toBe(`${BARRIER_JSON}\n`);
    expect((await decode(`6300000800000001${HELLO}`, "-j", "--msg-include=HELLO")).code).toBe(10);
    expect((await decode(HELLO + PADDED, "-j", "--msg-include=ROLE_*")).stdout).toBe(`${PADDED_JSON}\n`);
  });
});

describe("hexadecimal input", () => {
  it("reads digits and dumps, several messages", async () => {
    const text = `0000  01 00 00 08 00 00 00 01   ........\n\n${BARRIER}\n`;
    const file = folder.file("in.hex", text);
    expect(await ranWith(run, ["-xj", file])).toEqual({
      code: 0,
      stdout: `${HELLO_JSON}\n${BARRIER_JSON}\n`,
      stderr: "",
    });
  });

  it("names the line that is no hexadecimal text", async () => {
    const file = folder.file("in.hex", `${HELLO}\nno hex\n`);
    const { code, stdout, stderr } = await ranWith(run, ["-xj", file]);
    expect({ code, stdout }).toEqual({ code: 10, stdout: `${HELLO_JSON}\n` });
    expect(folder.masked(stderr)).toBe("Error: DIR/in.hex:2: 'n' is not a hexadecimal digit\n");
  });

  it("says so when the text ends inside a message", async () => {
    const file = folder.file("in.hex", `${HELLO}\n04 14`);
    expect(await ranWith(run, ["-xj", file])).toMatchObject({ code: 13, stdout: `${HELLO_JSON}\n` });
  });
});

describe("large inputs", () => {
  it("finds frames that straddle chunks, and writes all of them", async () => {
    // Odd lengths, several chunks.
    const frame = Buffer.from(`0402000f00000001${"ab".repeat(7)}`, "hex");
    const file = folder.file("large.bin", Buffer.concat(Array.from({ length: 60_000 }, () => frame)));
    const { code, stdout } = await ranWith(run, ["-j", file]);
    expect(code).toBe(0);
    const line = `{"type":"ECHO_REQUEST","xid":1,"version":4,"msg":{"data":"${"AB".repeat(7)}"}}\n`;
    expect(stdout === line.repeat(60_000)).toBe(true);
  });
});

describe("options of tunnels", () => {
  const frame = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");
  /** NXT_TLV_TABLE_REPLY: class 0x0102, type 0x80, 4 bytes is NX_TUN_METADATA3. */
  const TABLE = frame("0404002800000001 000023200000001a 00000100004000000000000000000000 0102800400030000");
  /** A FLOW_MOD of 1.3 with NX_TUN_METADATA3 = 42. */
  const FLOW = frame(
    `040e004000000003 ${"00".repeat(16)} 0000000000000000 ffffffffffffffffffffffff00000000 0001000c 000156040000002a 00000000`,
  );
  const OPTION = '"value":"0000002A","option":{"option_class":258,"option_type":128,"option_len":4}}';

  it("are told after the table, in the same input only", async () => {
    const file = folder.file("table.bin", Buffer.concat([FLOW, TABLE, FLOW]));
    const other = folder.file("flow.bin", FLOW);
    const { stdout } = await ranWith(run, ["-j", file, other]);
    const flows = stdout.split("\n").filter((line) => line.includes("FLOW_MOD"));
    expect(flows.map((line) => line.includes(OPTION))).toEqual([false, true, false]);
  });

  it("are told in captures to both directions of the connection, and to no other", async () => {
    const talk = connection([
      [0, TABLE],
      [1, FLOW],
    ]);
    const other = connection([[1, FLOW]]);
    const packets = [...capture(talk), ...capture(other, { ports: [40_001, 6653] })];
    const { stdout } = await ranWith(run, ["-j", folder.file("table.pcap", pcapFile(packets))]);
    const flows = stdout.split("\n").filter((line) => line.includes("FLOW_MOD"));
    expect(flows.map((line) => line.includes(OPTION))).toEqual([true, false]);
  });
});
