import { describe, expect, it } from "vitest";
import { problemsOf } from "./mini.js";

describe("the checker of versions", () => {
  it("refuses eras that leave out versions of the type", () => {
    expect(
      problemsOf(`
        M: {kind: message, type: {1.0: 1, 1.2+: 2}, spec: '1', doc: m, json: {a: UInt8, u: [U]}, wire: {1.0: [{a: u8}, {u: list}], 1.3-1.4: [{a: u8}, {u: list}]}}
        U:
          kind: union
          doc: u
          header: {type: u16, length: u16}
          cases: {A: {type: {1.1+: 1}, spec: '1', doc: a, json: {a: UInt8}, wire: {1.1: [{a: u8}], 1.5: [{a: u8}]}}}
      `),
    ).toEqual([
      "x.yaml:1:1: M has a type but no wire in 1.2, 1.5",
      "x.yaml:6:11: U A has a type but no wire in 1.2-1.4",
    ]);
  });

  it("refuses eras beyond the type", () => {
    expect(
      problemsOf(
        "M: {kind: message, type: {1.1+: 1}, spec: '1', doc: m, json: {a: UInt8}, wire: {1.0-1.5: [{a: u8}]}}",
      ),
    ).toEqual(["x.yaml:1:81: 1.0-1.5 reaches beyond the versions of type"]);
  });

  it("refuses layouts that hold a struct in versions where it has none", () => {
    expect(
      problemsOf(`
        M: {kind: message, type: 1, spec: '1', doc: m, json: {s: S}, wire: {all: [{s: struct}]}}
        N: {kind: message, type: 2, spec: '1', doc: n, json: {$inline: S}, wire: {all: [{$inline: struct}]}}
        O: {kind: multipart, part: reply, type: 3, spec: '1', doc: n, json: [S]}
        P: {kind: message, type: 4, spec: '1', doc: p, json: {u: [U]}, wire: {all: [{u: list}]}}
        S: {kind: struct, spec: '1', doc: s, json: {a: UInt8}, wire: {1.2-1.4: [{a: u8}]}}
        U: {kind: union, doc: u, header: {type: u16, length: u16}, cases: {A: {type: 1, spec: '1', doc: a, struct: S}}}
      `),
    ).toEqual([
      "x.yaml:1:76: M: S has no wire in 1.0-1.1, 1.5",
      "x.yaml:2:82: N: S has no wire in 1.0-1.1, 1.5",
      "x.yaml:3:69: O: S has no wire in 1.0-1.1, 1.5",
      "x.yaml:6:68: U A: S has no wire in 1.0-1.1, 1.5",
    ]);
  });

  it("refuses replies that are not there, are no messages, or lack a version", () => {
    expect(
      problemsOf(`
        A: {kind: message, type: 1, reply: GONE, spec: '1', doc: a}
        B: {kind: message, type: 2, reply: {maybe: C}, spec: '1', doc: b}
        C: {kind: multipart, part: reply, type: 3, spec: '1', doc: c}
        D: {kind: message, type: 4, reply: E, spec: '1', doc: d}
        E: {kind: message, type: {1.2-1.4: 5}, reply: D, spec: '1', doc: e}
      `),
    ).toEqual([
      "x.yaml:1:36: A: its reply GONE is not defined",
      "x.yaml:2:44: B: its reply C is of kind multipart, not message",
      "x.yaml:4:36: D: its reply E has no type in 1.0-1.1, 1.5",
    ]);
    expect(
      problemsOf("A: {kind: message, type: 1, reply: {maybe: A, often: yes}, spec: '1', doc: a}"),
    ).toEqual(["x.yaml:1:47: often is not a key of the schema language here"]);
  });
});
