import { describe, expect, it } from "vitest";
import { JsonForms } from "../../src/text/index.js";

/** What is read of each line; undefined where it shall be read in another way. */
function readLines(forms: JsonForms, lines: readonly string[]): unknown[] {
  const chunk = Buffer.from(`${lines.join("\n")}\n`);
  forms.enter(chunk);
  let from = 0;
  return lines.map((line) => {
    const to = from + Buffer.byteLength(line);
    const value = forms.read(from, to);
    from = to + 1;
    return structuredClone(value);
  });
}

describe("JsonForms", () => {
  it("reads lines of several forms in any order, more than one string of them", () => {
    const kinds = [
      (n: number) => ({ type: "FLOW_MOD", xid: n, msg: { match: [{ field: "IN_PORT", value: n }] } }),
      (n: number) => ({ type: "FLOW_MOD", xid: n, msg: { match: [] } }),
      (n: number) => ({ type: "HELLO", xid: n, pad: "x".repeat(n % 100) }),
    ];
    const messages = Array.from({ length: 1000 }, (_, n) => kinds[(n * n) % 3]!(n));
    const lines = messages.map((message) => JSON.stringify(message));
    expect(readLines(new JsonForms(), lines)).toEqual(messages);
  });

  it("reads lines of a chunk that has taken the place of another one", () => {
    const forms = new JsonForms();
    const chunk = Buffer.from('{"type":"A","name":"first"}');
    for (const name of ["first", "2nd..", "third"]) {
      chunk.write(name, 20);
      forms.enter(chunk);
      expect(forms.read(0, chunk.length)).toEqual({ type: "A", name });
    }
  });

  it("leaves lines alone that are too long, or no objects", () => {
    const long = JSON.stringify({ type: "x".repeat(5000) });
    expect(readLines(new JsonForms(), [long, "junk", "", "7"])).toEqual(Array(4).fill(undefined));
  });

  it("stops remembering where each line is of another form, and tries again later", () => {
    const strange = Array.from(
      { length: 400 },
      (_, n) => `{"type":"FLOW_MOD","xid":1,"${"k".repeat(n + 1)}":1}`,
    );
    const usual = Array.from({ length: 300 }, (_, n) => `{"type":"FLOW_MOD","xid":${n}}`);
    const found = readLines(new JsonForms(), [...strange, ...usual]);
    const read = found.map((value) => value !== undefined);
    // A line that is remembered has been read.
    expect(read.slice(0, 400).filter(Boolean).length).toBeLessThan(20);
    expect(read.slice(-20)).toEqual(Array(20).fill(true));
    expect(found.at(-1)).toEqual({ type: "FLOW_MOD", xid: 299 });
  });
});
