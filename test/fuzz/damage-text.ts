/** Damage for texts of messages, JSON and YAML, and texts that are made to hurt. */
import fc from "fast-check";
import { stringify } from "yaml";
import { messageKinds, messageOf } from "../codec/arbitrary.js";
import { printExact } from "../codec/support.js";

/** Bytes that mean something in JSON or YAML, or that no text should have. */
const PIECES: readonly (string | readonly number[])[] = [
  ..."{}[],:\"'#&*!|>%@`-?\\~\t\r\n \0",
  "---\n",
  "...\n",
  "- ",
  ": ",
  "? ",
  "<<: ",
  "&a ",
  "*a",
  "!!binary ",
  "!!js/function ",
  "%YAML 1.1\n",
  "\\u0000",
  "\\ud800",
  '"__proto__":',
  "type: ",
  "version: 4",
  "null",
  "true",
  "1e400",
  "-1",
  "0x",
  "1.5",
  "9".repeat(400),
  "18446744073709551616",
  "[".repeat(300),
  "{".repeat(300),
  "{a: ".repeat(300),
  "- ".repeat(300),
  "x".repeat(70_000),
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xc2, 0x85],
  [0xe2, 0x80, 0xa8],
];

/** A place as a fraction. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const edit = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), at: place, piece: fc.constantFrom(...PIECES) }),
  fc.record({ kind: fc.constant("set" as const), at: place, byte: fc.nat(255) }),
  fc.record({ kind: fc.constant("cut" as const), at: place, to: place }),
  fc.record({
    kind: fc.constant("repeat" as const),
    at: place,
    to: place,
    times: fc.integer({ min: 2, max: 30 }),
  }),
  fc.record({ kind: fc.constant("indent" as const), at: place, by: fc.integer({ min: -3, max: 3 }) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function apply(text: Buffer, change: Edit): Buffer {
  const at = Math.floor(change.at * text.length);
  switch (change.kind) {
    case "insert":
      return Buffer.concat([text.subarray(0, at), Buffer.from(change.piece as string), text.subarray(at)]);
    case "set":
      if (at < text.length) text[at] = change.byte;
      return text;
    case "cut": {
      const to = Math.floor(change.to * text.length);
      return Buffer.concat([text.subarray(0, Math.min(at, to)), text.subarray(Math.max(at, to))]);
    }
    case "repeat": {
      const to = Math.min(text.length, at + 1 + Math.floor(change.to * 200));
      const part = text.subarray(at, to);
      return Buffer.concat([
        text.subarray(0, at),
        ...new Array<Buffer>(change.times).fill(part),
        text.subarray(to),
      ]);
    }
    case "indent": {
      const start = text.lastIndexOf(10, at) + 1;
      return change.by > 0
        ? Buffer.concat([text.subarray(0, start), Buffer.alloc(change.by, 32), text.subarray(start)])
        : Buffer.concat([text.subarray(0, start), text.subarray(Math.min(text.length, start - change.by))]);
    }
  }
}

/** Messages that the schema allows, as JSON or YAML. */
const message = fc
  .tuple(fc.constantFrom(...messageKinds), fc.constantFrom("json", "yaml"))
  .chain(([kind, form]) =>
    messageOf(kind).map((value) => (form === "json" ? printExact(value) : stringify(value))),
  );

/** Texts near those of messages, several to a stream now and then. */
export const damagedText: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 2 }),
    fc.constantFrom("\n", "\n---\n", "", ","),
    fc.array(edit, { maxLength: 4 }),
  )
  .map(([texts, between, edits]) => {
    let text = Buffer.from(texts.join(between));
    for (const change of edits) text = Buffer.from(apply(text, change));
    return text;
  });

/** What a text is repeated around: `before` so many times, then `middle`, then `after` as often. */
const HOSTILE: readonly { readonly before: string; readonly middle: string; readonly after: string }[] = [
  { before: "[", middle: "", after: "]" },
  { before: '{"a":', middle: "1", after: "}" },
  { before: "{type: HELLO, msg: ", middle: "x", after: "}" },
  { before: "- ", middle: "x", after: "" },
  { before: "? ", middle: "x", after: "" },
  { before: "[[", middle: "", after: "" },
  { before: '"', middle: "", after: "" },
  { before: "\\", middle: "", after: "" },
  { before: "&a [", middle: "*a", after: "]" },
  { before: "a: &a b\n", middle: "c: *a\n", after: "" },
  { before: "!!a ", middle: "x", after: "" },
  { before: "'", middle: "x", after: "'" },
  { before: "#", middle: "\n", after: "" },
  { before: "\n", middle: "type: HELLO", after: "\n" },
  { before: " ", middle: "type: HELLO", after: "\n" },
  { before: "\t", middle: "x", after: "\t" },
  { before: "---\n", middle: "x", after: "---\n" },
  { before: "%A\n", middle: "---\nx", after: "" },
  { before: '{"type":"HELLO","version":4,"msg":{"versions":[1,', middle: "4", after: "]}}" },
  { before: "type: HELLO\n", middle: "msg: {}", after: "" },
  { before: ": ", middle: "x", after: "" },
  { before: "|\n", middle: " x", after: "" },
  { before: "{", middle: ",", after: "}" },
  { before: "9", middle: ".", after: "9" },
  { before: "\0", middle: "", after: "" },
  { before: "\u{feff}", middle: "{}", after: "" },
  { before: "\u{1f600}", middle: "é", after: "" },
];

/** Where the hostile part stands: alone, as a value, in a list of actions, as a key. */
const FRAMES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `{"type":"ECHO_REQUEST","version":4,"msg":{"data":${text}}}`,
  (text) => `type: ECHO_REQUEST\nversion: 4\nmsg:\n  data: ${text}\n`,
  (text) => `type: PACKET_OUT\nversion: 4\nmsg:\n  in_port: 1\n  actions:\n    - action: ${text}\n`,
  (text) => `{"type":"PACKET_OUT","version":4,"msg":{"actions":[{"action":"NX_CT","actions":${text}}]}}`,
  (text) => `{${text}: 1}`,
];

/** Texts that a careless reader needs long for, or falls over. */
export const hostileText: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom(...HOSTILE),
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 40_000 })),
    fc.constantFrom(...FRAMES),
    fc.boolean(),
  )
  .map(([{ before, middle, after }, times, frame, closed]) =>
    Buffer.from(frame(before.repeat(times) + middle + (closed ? after.repeat(times) : ""))),
  );
