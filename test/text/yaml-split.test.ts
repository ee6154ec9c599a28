import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitYamlDocuments, YamlSplitter, type YamlText } from "../../src/text/index.js";

function split(...chunks: (Buffer | string)[]): YamlText[] {
  const splitter = new YamlSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const STREAM = "a: 1\n---\n# c\n\nb: é\n...\n\n# nothing\n---\n...\n--- {c: 3}\n--- # x\nd: --- 4\n ---\ne";
const DOCUMENTS = [
  { text: "a: 1\n", firstLine: 1 },
  { text: "---\n# c\n\nb: é\n", firstLine: 2 },
  { text: "--- {c: 3}\n", firstLine: 11 },
  { text: "--- # x\nd: --- 4\n ---\ne", firstLine: 12 },
];

describe("YamlSplitter", () => {
  it("cuts at marker lines, and leaves empty documents out", () => {
    expect(split(STREAM)).toEqual(DOCUMENTS);
  });

  it("finds the same documents wherever the bytes are cut", () => {
    const bytes = Buffer.from(STREAM);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(split(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(DOCUMENTS);
    }
    expect(split(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(DOCUMENTS);
  });

  it("delivers a document as soon as the next marker line is whole", () => {
    const splitter = new YamlSplitter();
    expect(splitter.push("a: 1\n--")).toEqual([]);
    expect(splitter.push("-")).toEqual([]);
    expect(splitter.push("\nb: 2\n")).toEqual([{ text: "a: 1\n", firstLine: 1 }]);
    expect(splitter.push("...\n")).toEqual([{ text: "---\nb: 2\n", firstLine: 2 }]);
    expect(splitter.end()).toEqual([]);
  });

  it("knows markers with carriage returns and blanks, and nothing that only looks like one", () => {
    expect(split("a\r\n---\r\nb\n...  \nc\n----\n...x\n---x\n").map((d) => d.text)).toEqual([
      "a\r\n",
      "---\r\nb\n",
      "c\n----\n...x\n---x\n",
    ]);
  });

  it("drops a byte order mark", () => {
    expect(split(Buffer.from("\ufeffa: 1"))).toEqual([{ text: "a: 1", firstLine: 1 }]);
    expect(split("\ufeff---\na")).toEqual([{ text: "---\na", firstLine: 1 }]);
  });

  it("refuses a document that is too long, as soon as it is", () => {
    const lines = new YamlSplitter(10);
    expect(lines.push("123456789\n---\n12345\n")).toHaveLength(1);
    expect(() => lines.push("67")).toThrow("2:1: document is longer than 10 characters");
    const line = new YamlSplitter(10);
    expect(() => line.push("12345678901")).toThrow(expect.objectContaining({ code: "TOO_LARGE", line: 1 }));
    expect(() => new YamlSplitter().push("x".repeat((1 << 20) + 1))).toThrow(
      "document is longer than 1048576",
    );
  });

  it("delivers what is complete before a document that is too long", () => {
    const splitter = new YamlSplitter(10);
    const complete = [
      { text: "a: 1\n", firstLine: 1 },
      { text: "---\nb: 2\n", firstLine: 2 },
    ];
    expect(splitter.push("a: 1\n---\nb: 2\n---\n1234567\n")).toEqual(complete);
    const fault = "4:1: document is longer than 10 characters";
    expect(() => splitter.push("---\nc: 3\n---\n")).toThrow(fault);
    expect(() => splitter.end()).toThrow(fault);
    const line = new YamlSplitter(10);
    expect(line.push("a: 1\n---\nb: 2\n---\n12345678")).toEqual(complete);
    expect(() => line.end()).toThrow(fault);
  });

  it("takes any number of short documents and of tiny chunks", () => {
    const splitter = new YamlSplitter(100);
    let n = 0;
    for (let i = 0; i < 20_000; i++) n += splitter.push("---\na: 1\n").length;
    expect(n).toBe(19_999);
    const single = new YamlSplitter();
    const start = performance.now();
    for (let i = 0; i < 500_000; i++) single.push("x");
    expect(single.end()[0]!.text).toHaveLength(500_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("loses nothing but the lines `...` and what says nothing", () => {
    const line = fc.constantFrom("a: 1", "  b", "---", "--- c", "# d", "");
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = [...lines, "end"].join("\n");
        const documents = split(text);
        for (const document of documents) {
          const rows = document.text.replace(/\n$/, "").split("\n");
          const from = document.firstLine - 1;
          expect(rows).toEqual([...lines, "end"].slice(from, from + rows.length));
        }
        const kept = documents.map((d) => d.text).join("");
        for (const word of ["a: 1", "--- c", "  b"]) {
          expect(kept.split(word).length).toBe(text.split(word).length);
        }
      }),
    );
  });
});

describe("splitYamlDocuments", () => {
  it("reads any stream of chunks", async () => {
    const found: YamlText[] = [];
    for await (const document of splitYamlDocuments([Buffer.from("a: 1\n-"), Buffer.from("--\nb: 2")]))
      found.push(document);
    expect(found).toEqual([
      { text: "a: 1\n", firstLine: 1 },
      { text: "---\nb: 2", firstLine: 2 },
    ]);
  });
});
