import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/encode.js";
import { caught, type Ran, ranWith } from "./catch-output.js";
import { Folder } from "./folder.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

const folder = new Folder();
afterAll(() => folder.remove());

/** Encodes a text; stdout as hex, or as it is with --hex. */
async function encode(text: string, ...options: string[]): Promise<Ran> {
  const file = folder.file("in.txt", text);
  const ran = await ranWith(run, [...options, file]);
  const asText = options.some((option) => /^-\w*x/.test(option) || option === "--hex");
  const stdout = asText ? ran.stdout : Buffer.concat(caught.stdout).toString("hex");
  return { ...ran, stdout, stderr: folder.masked(ran.stderr) };
}

const HELLO = '{"type":"HELLO","xid":1,"version":1,"msg":{}}';
const HELLO_HEX = "0100000800000001";
const BARRIER = '{"type":"BARRIER_REQUEST","version":4,"msg":{}}';
const BARRIER_HEX = "0414000800000000";
const BAD = '{"type":"PORT_STATS_REQUEST","version":4,"msg":{"port_no":"FLOD"}}';

describe("YAML", () => {
  it("encodes the documents of a stream, and skips those without content", async () => {
    const text =
      "# start\n---\n...\n---\ntype: HELLO\nversion: 1\nxid: 0x01\n---\ntype: BARRIER_REQUEST\nversion: 4\n...\n";
    expect(await encode(text)).toEqual({ code: 0, stdout: HELLO_HEX + BARRIER_HEX, stderr: "" });
  });

  it("gives nothing for an empty input", async () => {
    expect(await encode("")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("uses the version of --ofversion where there is none", async () => {
    expect((await encode("type: BARRIER_REQUEST\n", "--ofversion=1")).stdout).toBe("0112000800000000");
  });

  it("names line and column of a value that is wrong, counted from the start of the file", async () => {
    const text =
      "---\ntype: HELLO\nversion: 1\n---\ntype: PORT_STATS_REQUEST\nversion: 4\nmsg:\n  port_no: FLOD\n";
    expect(await encode(text)).toEqual({
      code: 10,
      stdout: "0100000800000000",
      stderr: 'Error: DIR/in.txt:8:12: msg.port_no: "FLOD" is not a PortNumber (did you mean FLOOD?)\n',
    });
  });

  it("names the place of an unknown key, not that of its value", async () => {
    const { stderr } = await encode("type: PORT_STATS_REQUEST\nversion: 4\nmsg: {port_no: 1, prot: 2}\n");
    expect(stderr).toMatch(/^Error: DIR\/in\.txt:3:19: msg\.prot: /);
  });

  it("names line and column of text that is no YAML", async () => {
    const { code, stderr } = await encode("---\ntype: HELLO\n---\ntype: [\n");
    expect(code).toBe(10);
    expect(stderr).toMatch(/^Error: DIR\/in\.txt:\d:\d+: /);
  });

  it("goes on with the next document with -k, and fails all the same", async () => {
    const text =
      "type: BOGUS\nversion: 1\n---\ntype: HELLO\nversion: 1\n---\ntype: [\n---\ntype: HELLO\nversion: 4\n";
    const { code, stdout, stderr } = await encode(text, "-k");
    expect({ code, stdout }).toEqual({ code: 10, stdout: "01000008000000000400000800000000" });
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
  });
});

describe("JSON", () => {
  it("encodes objects, one a line", async () => {
    expect(await encode(`${HELLO}\n\n${BARRIER}`, "-j")).toEqual({
      code: 0,
      stdout: HELLO_HEX + BARRIER_HEX,
      stderr: "",
    });
  });

  it("encodes an object over several lines, and one in the manner of YAML", async () => {
    const pretty = JSON.stringify(JSON.parse(HELLO), null, 2);
    expect((await encode(`${pretty}\n{type: BARRIER_REQUEST, version: 4}\n`, "-j")).stdout).toBe(
      HELLO_HEX + BARRIER_HEX,
    );
  });

  it.each([`[\n${HELLO}\n,${BARRIER}\n]\n`, `${HELLO}${BARRIER}`, `[${HELLO},${BARRIER}]`])(
    "encodes the objects of %j with --json-array",
    async (text) => {
      expect(await encode(text, "--json-array")).toEqual({
        code: 0,
        stdout: HELLO_HEX + BARRIER_HEX,
        stderr: "",
      });
    },
  );

  it("encodes thousands of lines in order, whatever stands between them", async () => {
    const lines = Array.from({ length: 3000 }, (_, n) =>
      n % 1000 === 500
        ? '{"type":"ROLE_REQUEST","version":4,"msg":{"role":"ROLE_EQUAL","generation_id":18446744073709551615}}'
        : n % 1000 === 600
          ? ""
          : `{"type":"BARRIER_REQUEST","xid":${n},"version":4,"msg":{}}`,
    );
    const frames = lines.map((line, n) =>
      line === ""
        ? ""
        : line.includes("ROLE")
          ? "041800180000000000000001" + "00000000ffffffffffffffff"
          : `04140008${n.toString(16).padStart(8, "0")}`,
    );
    const { code, stdout } = await encode(lines.join("\n"), "-j");
    expect(code).toBe(0);
    expect(stdout === frames.join("")).toBe(true);
  });

  it("counts lines to a wrong one among thousands", async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => (n === 1999 || n === 2500 ? BAD : BARRIER));
    const { code, stdout, stderr } = await encode(`${lines.join("\n")}\n`, "-jk");
    expect(code).toBe(10);
    expect(stdout).toBe(BARRIER_HEX.repeat(2998));
    expect(stderr.match(/in\.txt:\d+/g)).toEqual(["in.txt:2000", "in.txt:2501"]);
  });

  it("keeps the 64 bits of integers", async () => {
    const text =
      '{"type":"ROLE_REQUEST","version":4,"msg":{"role":"ROLE_EQUAL","generation_id":18446744073709551614}}';
    expect((await encode(text, "-j")).stdout).toBe("041800180000000000000001" + "00000000fffffffffffffffe");
  });

  it("names line and column of a wrong value, also in an array and over several lines", async () => {
    const where = 'msg.port_no: "FLOD" is not a PortNumber (did you mean FLOOD?)';
    expect((await encode(`${HELLO}\n${BAD}\n`, "-j")).stderr).toBe(`Error: DIR/in.txt:2:59: ${where}\n`);
    expect((await encode(`[ ${BAD}]`, "--json-array")).stderr).toBe(`Error: DIR/in.txt:1:61: ${where}\n`);
    const pretty = JSON.stringify(JSON.parse(BAD), null, 2);
    expect((await encode(`\n${pretty}\n`, "-j")).stderr).toBe(`Error: DIR/in.txt:6:16: ${where}\n`);
  });

  it("names line and column of text that is no JSON", async () => {
    const { code, stdout, stderr } = await encode(`${HELLO}\n{"type": "HELLO",\n "version": }\n`, "-j");
    expect({ code, stdout }).toEqual({ code: 10, stdout: HELLO_HEX });
    expect(stderr).toMatch(/^Error: DIR\/in\.txt:3:\d+: /);
    expect((await encode("hello\n", "-j")).stderr).toMatch(/^Error: DIR\/in\.txt:1:1: /);
  });

  it("goes on behind wrong lines with -k, and fails all the same", async () => {
    const { code, stdout, stderr } = await encode(`${BAD}\n${HELLO}\nhello\n${BARRIER}\n`, "-jk");
    expect({ code, stdout }).toEqual({ code: 10, stdout: HELLO_HEX + BARRIER_HEX });
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
  });

  it("refuses a message without version", async () => {
    const { code, stderr } = await encode('{"type":"BARRIER_REQUEST"}', "-j");
    expect(code).toBe(10);
    expect(stderr).toContain("version: unspecified protocol version");
  });
});

describe("flows of ovs-ofctl", () => {
  /** FLOW_MOD of 1.0 that sends packets from port 3 to port 2. */
  const FLOW = `010e005000000000 003820fe 0003 ${"00".repeat(34)} 0000000000000000 0000 0000 0000 8000 ffffffff ffff 0000 0000000800020000`;
  const FLOW_HEX = FLOW.replaceAll(" ", "");

  it("are read a line each, without comments and empty lines", async () => {
    const text = "# all to port 2\n\nin_port=3,actions=2 # and no more\r\nin_port=3 actions=output:2";
    expect(await encode(text, "--ovs-flow", "--ofversion=1")).toEqual({
      code: 0,
      stdout: FLOW_HEX + FLOW_HEX,
      stderr: "",
    });
  });

  it("are told with line and column when they are wrong", async () => {
    const text = "in_port=3,actions=2\n  in_prt=3,actions=2\ntcp_dst=80,actions=2\n";
    expect(await encode(text, "--ovs-flow", "--ofversion=1", "-k")).toEqual({
      code: 10,
      stdout: FLOW_HEX,
      stderr:
        'Error: DIR/in.txt:2:3: unknown field "in_prt" (did you mean in_port?)\n' +
        "Error: DIR/in.txt:3:1: msg.match[0]: Invalid match: Missing prerequisites: TCP_DST needs ETH_TYPE 0x0800 or 0x86dd, which the match does not have\n",
    });
  });

  it("need a version", async () => {
    expect((await encode("actions=drop", "--ovs-flow")).code).toBe(1);
  });

  it("may stand in messages in the place of msg", async () => {
    const yaml = 'version: 1\nflow: "in_port=3,actions=2"\n';
    expect((await encode(yaml)).stdout).toBe(FLOW_HEX);
    const json = '{"type":"FLOW_MOD","xid":0,"version":1,"flow":"in_port=3,actions=2"}';
    expect((await encode(json, "-j")).stdout).toBe(FLOW_HEX);
    const nicira = '{"type":"NXT_FLOW_MOD","version":1,"flow":"in_port=3,actions=2"}';
    expect((await encode(nicira, "-j")).stdout).toMatch(/^0104....00000000000023200000000d/);
  });

  it.each([
    [
      '{"type":"FLOW_MOD","flow":"in_prt=3,actions=2"}',
      '1:20: flow: column 1: unknown field "in_prt" (did you mean in_port?)',
    ],
    ['{"type":"HELLO","flow":"actions=2"}', "1:24: flow: belongs to FLOW_MOD, not to HELLO"],
    ['{"flow":"actions=2","msg":{}}', "1:9: flow: stands for msg: one of them is too many"],
    ['{"flow":5}', '1:9: flow: is no text: "ip,nw_dst=10.0.0.0/8,actions=2"'],
    ['{"flow":"reg0=1,actions=push_vlan:5"}', "1:9: flow: column 16: OpenFlow 1.0 has no push_vlan"],
  ])("in a message may be wrong: %s", async (text, message) => {
    const { stderr } = await encode(text, "-j", "--ofversion=1");
    expect(stderr).toBe(`Error: DIR/in.txt:${message}\n`);
  });
});

describe("output", () => {
  it("prints rows of hexadecimal blocks with --hex, an empty line behind each message", async () => {
    const text = ["1122334455667788".repeat(3), `${"1122334455667788".repeat(3)}aa`]
      .map((data) => `---\ntype: ECHO_REQUEST\nversion: 4\nmsg: {data: ${data}}\n`)
      .join("");
    expect((await encode(text, "-x")).stdout).toBe(
      [
        "0402002000000000 1122334455667788 1122334455667788 1122334455667788",
        "",
        "0402002100000000 1122334455667788 1122334455667788 1122334455667788 ",
        "AA",
        "",
        "",
      ].join("\n"),
    );
  });

  it("writes bytes to the file of -o", async () => {
    const out = join(folder.path, "out.bin");
    expect(await encode(HELLO, "-j", "-o", out)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(out).toString("hex")).toBe(HELLO_HEX);
  });

  it("leaves a match without prerequisites alone with -M", async () => {
    const text =
      "type: FLOW_MOD\nversion: 4\nmsg: {table_id: 0, command: ADD, match: [{field: TCP_DST, value: 80}]}\n";
    expect((await encode(text)).stderr).toMatch(/^Error: DIR\/in\.txt:3:\d+: msg\.match/);
    expect((await encode(text, "-M")).stdout).toContain("0001000a80001c020050");
  });
});

describe("--roundtrip", () => {
  const yaml = (type: string, version: string, xid: string): string =>
    `---\ntype:            ${type}\nxid:             ${xid}\nversion:         ${version}\nmsg:             {}\n...\n`;

  it("prints the YAML of the C++ oftr, with integers as wide as on the wire", async () => {
    const text = "type: HELLO\nversion: 1\nxid: 0x10\n---\ntype: BARRIER_REQUEST\n";
    const { code, stdout } = await ranWith(run, ["-R", "--ofversion=4", folder.file("in.txt", text)]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: yaml("HELLO", "0x01", "0x00000010") + yaml("BARRIER_REQUEST", "0x04", "0x00000000"),
    });
  });

  it("prints JSON with -j and a JSON array with --json-array, null for messages that are wrong", async () => {
    const file = folder.file("in.txt", `${HELLO}\n${BAD}\n${BARRIER}\n`);
    const barrier = '{"type":"BARRIER_REQUEST","xid":0,"version":4,"msg":{}}';
    expect(await ranWith(run, ["-Rjk", file])).toMatchObject({
      code: 10,
      stdout: `${HELLO}\nnull\n${barrier}\n`,
    });
    expect(await ranWith(run, ["-Rk", "--json-array", file])).toMatchObject({
      code: 10,
      stdout: `[\n${HELLO}\n,null\n,${barrier}\n]\n`,
    });
    expect((await ranWith(run, ["-R", folder.file("bad.yaml", "type: BOGUS\n")])).stdout).toBe(
      "---\nnull\n...\n",
    );
  });

  it("shows what was added to a match, and with -M that nothing was", async () => {
    const text =
      "{type: FLOW_MOD, version: 4, msg: {table_id: 0, command: ADD, match: [{field: IPV4_DST, value: 10.0.0.1}]}}";
    const file = folder.file("in.txt", text);
    expect((await ranWith(run, ["-Rj", file])).stdout).toContain('"field":"ETH_TYPE"');
    expect((await ranWith(run, ["-RjM", file])).stdout).not.toContain("ETH_TYPE");
  });

  it("fails with 11 for a message that was encoded and cannot be decoded", async () => {
    const raw = '{"type":"_RAW_MESSAGE","version":4,"msg":{"type":14,"data":"00"}}';
    const { code, stdout, stderr } = await ranWith(run, [
      "-Rjk",
      folder.file("in.txt", `${raw}\n${HELLO}\n`),
    ]);
    expect({ code, stdout }).toEqual({ code: 11, stdout: `null\n${HELLO}\n` });
    expect(folder.masked(stderr)).toMatch(
      /^Error: DIR\/in\.txt:1:1: the message was encoded, but cannot be decoded: FLOW_MOD: .*\n$/,
    );
  });
});

describe("silence", () => {
  it("writes nothing with -s", async () => {
    expect(await encode(`${HELLO}\n${BAD}\n`, "-js")).toMatchObject({ code: 10, stdout: "" });
    expect((await encode(HELLO, "-jsx")).stdout).toBe("");
    expect((await encode(HELLO, "-jsR")).stdout).toBe("");
  });

  it("tells of wrong messages by the exit code only with --silent-error", async () => {
    expect(await encode(`${BAD}\n${HELLO}\n`, "-jk", "--silent-error")).toEqual({
      code: 10,
      stdout: HELLO_HEX,
      stderr: "",
    });
  });
});

describe("what fails besides", () => {
  it("names a file that cannot be opened", async () => {
    const missing = join(folder.path, "missing.yaml");
    expect(await ranWith(run, [missing])).toMatchObject({
      code: 9,
      stderr: `Error: opening file ${missing}: no such file or directory\n`,
    });
  });

  it("names a folder that was given as a file", async () => {
    expect(await ranWith(run, [folder.path])).toMatchObject({
      code: 9,
      stderr: `Error: opening file ${folder.path}: is a directory\n`,
    });
  });

  it.each([
    [`${HELLO}\n${HELLO}\n`, [], "(several JSON objects need --json)"],
    [`{\n"type": "HELLO"\n}\n{\n"type": "HELLO"\n}\n`, [], "(several JSON objects need --json)"],
    [`[${HELLO}]`, [], "(a JSON array needs --json-array)"],
    [`[\n${HELLO}\n]`, ["-j"], "(a JSON array needs --json-array)"],
  ])("tells of %j with %j which option is missing", async (text, args, advice) => {
    const { code, stderr } = await encode(text, ...args);
    expect([code, stderr.trimEnd().split("\n")]).toEqual([10, [expect.stringContaining(` ${advice}`)]]);
  });

  it("gives no such advice where an option would not help", async () => {
    expect((await encode(BAD, "-j")).stderr).not.toContain("--json");
    expect((await encode('{"a":1\n', "-j")).stderr).not.toContain("--json");
    expect((await encode("{a: {b\n")).stderr).not.toContain("--json");
  });

  it("keeps the messages around a torn line", async () => {
    const { code, stdout, stderr } = await encode(`${HELLO}\n${HELLO.slice(0, -4)}\n${HELLO}\n`, "-jk");
    expect([code, stdout]).toEqual([10, HELLO_HEX + HELLO_HEX]);
    expect(stderr.match(/^Error: DIR\/in\.txt:[23]:/gm)).toHaveLength(1);
  });

  it("gives up on an object without end instead of filling the memory", async () => {
    const { code, stderr } = await encode(`${HELLO}\n{"a":"${"x".repeat(17 << 20)}`, "-j");
    expect(code).toBe(10);
    expect(stderr).toBe("Error: DIR/in.txt:2:1: object is longer than 16 MiB\n");
  });

  it.each([
    ["--ofversion=abc", "'abc' value invalid for uint argument!"],
    ["--ofversion=256", "'256' value invalid for uint argument!"],
    ["--verify-output", "--verify-output"],
    ["-V", "-V"],
  ])("refuses %s", async (option, text) => {
    expect(await ranWith(run, [option])).toMatchObject({ code: 1, stderr: expect.stringContaining(text) });
  });
});
