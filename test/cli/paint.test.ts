import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makePrinter, type PrintStyle } from "../../src/cli/message-printer.js";
import { PAINTERS } from "../../src/cli/paint.js";
import { makeEnvelope } from "../../src/codec/decode.js";
import { Text, writeJsonString, writeYamlDocument } from "../../src/text/index.js";
import { fixtures } from "../fixtures/fixtures.js";

const SGR = /\x1b\[([\d;]*)m/g;

/** Painted text, with the name of each style in place of its escape sequence. */
function painted(form: keyof typeof PAINTERS, text: string): string {
  const names: Record<string, string> = {
    "0": ">",
    "1": "<type ",
    "2": "<dim ",
    "1;31": "<error ",
    "32": "<string ",
    "33": "<number ",
    "35": "<word ",
    "36": "<key ",
  };
  return PAINTERS[form](Buffer.from(text, "latin1"))
    .toString("latin1")
    .replace(SGR, (_, style: string) => names[style] ?? "?");
}

function printed(style: PrintStyle, bytes: Buffer): Buffer {
  const out = new Text();
  const printer = makePrinter(style);
  printer.begin(out);
  for (let i = 0; i < 2; i++) printer.print(bytes, 0, bytes.length, out, makeEnvelope({}));
  printer.printNull(out);
  printer.end(out);
  return out.take();
}

function expectSame(form: keyof typeof PAINTERS, text: Uint8Array): void {
  const bytes = Buffer.from(text).toString("latin1");
  const colored = PAINTERS[form](text).toString("latin1");
  expect(colored.replace(SGR, "") === bytes, bytes.slice(0, 1000)).toBe(true);
  expect(colored.length).toBeGreaterThan(bytes.length);
}

describe("Colours", () => {
  it("tell keys, types, strings, numbers and words of JSON apart", () => {
    expect(
      painted("json", '{"type":"HELLO","xid":1,"msg":{"a":["x\\":1",-2.50,true,null],"b":{}}}\nnull\n'),
    ).toBe(
      '{<key "type">:<type "HELLO">,<key "xid">:<number 1>,<key "msg">:{<key "a">:[<string "x\\":1">,<number -2.50>,<word true>,<word null>],<key "b">:{}}}\n<word null>\n',
    );
  });

  it("show errors in red and packets dimly, in elements of arrays, too", () => {
    expect(painted("json", '[\n{"type":"ERROR"}\n,{"type":"PACKET_IN"}\n]\n')).toBe(
      '[\n{<key "type">:<error "ERROR">}\n,{<key "type">:<dim "PACKET_IN">}\n]\n',
    );
    expect(painted("yaml", "type:            ERROR\n")).toBe("<key type>:            <error ERROR>\n");
    expect(painted("brief", "<- ERROR              1          SOME/CODE: why\n")).toBe(
      "<key <-> <error ERROR>              <number 1><error           SOME/CODE: why>\n",
    );
  });

  it("know the parts of YAML", () => {
    const yaml = [
      "---",
      "type:            HELLO",
      "'a:b':           'it''s: 5'",
      '"\\x1B[31m":      "\\x1B[0m"',
      "list:            [ 1, two words, 'a, b', true ]",
      "empty:           []",
      "rows:",
      "  - - key:             10.0.0.1",
      "  - -1.5",
      "  - null",
      "...",
      "",
    ];
    expect(painted("yaml", yaml.join("\n")).split("\n")).toEqual([
      "<dim --->",
      "<key type>:            <type HELLO>",
      "<key 'a:b'>:           <string 'it''s: 5'>",
      '<key "\\x1B[31m">:      <string "\\x1B[0m">',
      "<key list>:            [ <number 1>, <string two words>, <string 'a, b'>, <word true> ]",
      "<key empty>:           []",
      "<key rows>:",
      "  - - <key key>:             <string 10.0.0.1>",
      "  - <number -1.5>",
      "  - <word null>",
      "<dim ...>",
      "",
    ]);
  });

  it("know the columns of lines", () => {
    expect(
      painted(
        "brief",
        "00:16:40.000250000     3 c1 <- ECHO_REPLY         1          data= [answers 1 ECHO_REQUEST]\n-- \n",
      ),
    ).toBe(
      "<dim 00:16:40.000250000     3 ><key c1 <-> <type ECHO_REPLY>         <number 1>          data= <dim [answers 1 ECHO_REQUEST]>\n-- \n",
    );
  });

  it("change no byte of any message, but for their escape sequences", () => {
    const forms = [
      ["lines", "json"],
      ["array", "json"],
      ["yaml", "yaml"],
    ] as const;
    const messages = fixtures.filter(
      ({ bytes, json }) => JSON.stringify(json, bigintText).startsWith('{"type') && bytes.length >= 8,
    );
    expect(messages.length).toBeGreaterThan(300);
    for (const { bytes } of messages)
      for (const [style, form] of forms) expectSame(form, printed(style, bytes));
  });

  it("change no byte of any text", () => {
    const text = fc.string({ unit: "binary" });
    const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      scalar,
      fc.array(scalar),
      fc.dictionary(text, fc.array(fc.dictionary(text, scalar))),
    );
    fc.assert(
      fc.property(fc.dictionary(text, value), (value) => {
        const json = JSON.stringify({ type: "HELLO", ...value });
        expectSame("json", Buffer.from(`${json}\n`));
        const yaml = new Text();
        writeYamlDocument(json, yaml);
        expectSame("yaml", yaml.take());
      }),
    );
  });

  it("take a long text that an enemy made in time", () => {
    for (const unit of ["\\", '"', "'", "- ", "[", "a ", " ", "\u001b"]) {
      const json = asJson(unit.repeat(50_000));
      expectSame("json", Buffer.from(`{"type":"HELLO","a":${json}}\n`));
      expectSame("yaml", Buffer.from(`a: ${json}\n`));
    }
    const line = `-- HELLO 1 ${"[answers ".repeat(5_000)}`;
    expectSame("brief", Buffer.from(`${line}\n`));
  });
});

function asJson(text: string): string {
  const w = new Text();
  writeJsonString(text, w);
  return w.takeString();
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
