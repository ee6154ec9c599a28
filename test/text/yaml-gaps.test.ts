import { expect, it } from "vitest";
import { TextError } from "../../src/base/index.js";
import { Text, writeYamlDocument } from "../../src/text/index.js";

// In a file of its own: all texts that were printed before count.

function yaml(json: string): string {
  const w = new Text();
  writeYamlDocument(json, w);
  return w.takeString();
}

it.each(Array.from({ length: 20 }, (_, n) => n + 1))(
  "tells keys of %d letters apart that differ in one",
  (length) => {
    const known = "k".repeat(length);
    const keys = [
      known,
      ...Array.from(known, (_, at) => `${known.slice(0, at)}K${known.slice(at + 1)}`),
      known,
    ];
    for (const key of keys)
      expect(yaml(`{"a${length}":1,"${key}":2}`)).toBe(
        `---\n${`a${length}:`.padEnd(17)}1\n${`${key}: `.padEnd(17)}2\n...\n`,
      );
  },
);

it("tells lists of names apart, and what stands behind them", () => {
  const texts: readonly (readonly [string, string])[] = [
    ['"flags":["A"]}}', "  flags:           [ A ]\n"],
    ['"flags":["A","B_2"]}}', "  flags:           [ A, B_2 ]\n"],
    ['"flags":["AB"]}}', "  flags:           [ AB ]\n"],
    ['"flags":[]}}', "  flags:           []\n"],
    ['"flags":{}}}', "  flags:           {}\n"],
    ['"flags":["1GB"],"more":{}}}', "  flags:           [ '1GB' ]\n  more:            {}\n"],
    ['"flags":["A"],"more":7}}', "  flags:           [ A ]\n  more:            7\n"],
    ['"flags":["A"]},"more":7}', "  flags:           [ A ]\nmore:            7\n"],
    ['"flags":[["A"],["B"]]}}', "  flags:\n    - [ A ]\n    - [ B ]\n"],
    ['"flags":[{"a":"A"}]}}', "  flags:\n    - a:               A\n"],
  ];
  for (let round = 0; round < 3; round++)
    for (const [json, printed] of texts)
      expect(yaml(`{"x":${round},"msg":{${json}`)).toBe(
        `---\nx:               ${round}\nmsg:\n${printed}...\n`,
      );
});

it.each(["x", "}", " x", ","])("refuses %j behind an end that it knows", (rest) => {
  const json = '{"end":1,"flags":["A","B"]}';
  const printed = "---\nend:             1\nflags:           [ A, B ]\n...\n";
  for (let round = 0; round < 2; round++) {
    expect(yaml(json)).toBe(printed);
    expect(yaml(`${json} \n`)).toBe(printed);
    expect(() => yaml(json + rest)).toThrow(TextError);
  }
});
