import { expect, it } from "vitest";
import { Text, writeYamlDocument } from "../../src/text/index.js";

// In a file of its own: all texts that were printed before count.
it.each(Array.from({ length: 20 }, (_, n) => n + 1))(
  "tells keys of %d letters apart that differ in one",
  (length) => {
    const w = new Text();
    const print = (key: string): string => {
      writeYamlDocument(`{"a${length}":1,"${key}":2}`, w);
      return w.takeString();
    };
    const known = "k".repeat(length);
    const keys = [
      known,
      ...Array.from(known, (_, at) => `${known.slice(0, at)}K${known.slice(at + 1)}`),
      known,
    ];
    for (const key of keys)
      expect(print(key)).toBe(`---\n${`a${length}:`.padEnd(17)}1\n${`${key}: `.padEnd(17)}2\n...\n`);
  },
);
