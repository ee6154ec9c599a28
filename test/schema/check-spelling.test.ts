import { describe, expect, it } from "vitest";
import { message, problemsOf } from "./mini.js";

describe("the checker of spelling", () => {
  it("lets keys start with an underscore and values with a digit", () => {
    expect(
      problemsOf(
        message(
          "_raw: HexData, f_1: [F]",
          "{all: [{f_1: u8}, {_raw: bytes}]}",
          "F: {kind: flags, doc: f, bits: {10MB_HD: 0}}",
        ),
      ),
    ).toEqual([]);
  });

  it("refuses keys, functions and variables that code could not spell", () => {
    expect(
      problemsOf(
        message(
          "Port: UInt8, in-port: UInt8, src: SubField, data: {type: HexData}, _t: {derived: Shout(data)}",
          "{all: [{Port in-port: u8}, {$Ofs: u16}, {src: oxm_id_packed($Ofs)}, {data: native Fn, residue: _Data}]}",
        ),
      ),
    ).toEqual([
      'x.yaml:6:10: "Port" cannot be the name of a key: it is not of the form _?[a-z][a-z0-9_]*',
      'x.yaml:6:23: "in-port" cannot be the name of a key: it is not of the form _?[a-z][a-z0-9_]*',
      'x.yaml:6:77: "Shout" cannot be the name of a native function: it is not of the form [a-z][a-z0-9_]*',
      'x.yaml:7:37: "Ofs" cannot be the name of a wire variable: it is not of the form [a-z][a-z0-9_]*',
      'x.yaml:7:78: "Fn" cannot be the name of a native function: it is not of the form [a-z][a-z0-9_]*',
      'x.yaml:7:78: "_Data" cannot be the name of a key: it is not of the form _?[a-z][a-z0-9_]*',
    ]);
    expect(
      problemsOf("M: {kind: message, type: 1, spec: '1', doc: m, wire: {all: [{$native: Fn}]}}"),
    ).toEqual([
      'x.yaml:1:62: "Fn" cannot be the name of a native function: it is not of the form [a-z][a-z0-9_]*',
    ]);
  });

  it("refuses names of definitions, cases, tags and values that code could not spell", () => {
    expect(
      problemsOf(`
        small: {kind: message, type: 1, spec: '1', doc: m, json: {u: [U], e: E, t: [T]}, wire: {all: [{e: u8}, {t: oxm_match}, {u: list}]}}
        U: {kind: union, doc: u, tag: Tag, header: {type: u16, length: u16}, cases: {set-it: {type: 1, spec: '1', doc: s}}}
        E: {kind: enum, doc: e, values: {a: 1, B C: 2}, also: {'': B C}}
        T: {kind: tlv_table, doc: t, tag: field, cases: {x: {id: 1.1, type: UInt8}}, aliases: {y: x}}
      `),
    ).toEqual([
      'x.yaml:1:1: "small" cannot be the name of a definition: it is not of the form [A-Z][A-Za-z0-9_]*',
      'x.yaml:2:1: "Tag" cannot be the name of the tag of U: it is not of the form _?[a-z][a-z0-9_]*',
      'x.yaml:2:78: "set-it" cannot be the name of a case of U: it is not of the form [A-Z][A-Za-z0-9_]*',
      'x.yaml:3:1: "a" cannot be the name of a value of E: it is not of the form [A-Z0-9][A-Za-z0-9_]*',
      'x.yaml:3:1: "B C" cannot be the name of a value of E: it is not of the form [A-Z0-9][A-Za-z0-9_]*',
      'x.yaml:3:1: "" cannot be the name of a value of E: it is not of the form [A-Z0-9][A-Za-z0-9_]*',
      'x.yaml:4:1: "y" cannot be the name of a case of T: it is not of the form [A-Z][A-Za-z0-9_]*',
      'x.yaml:4:50: "x" cannot be the name of a case of T: it is not of the form [A-Z][A-Za-z0-9_]*',
    ]);
  });
});
