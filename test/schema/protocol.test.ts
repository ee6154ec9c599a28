/** The schemas against a table of what the specifications of OpenFlow define, both ways. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALL_VERSIONS, type Version, versionName } from "../../src/base/index.js";
import type {
  Definition,
  Message,
  Multipart,
  Scalar,
  Struct,
  TlvCase,
  Union,
} from "../../src/schema/index.js";
import { bodyUnit, caseUnit, leastOf, readSchemas } from "../../src/schema/index.js";
import { type ByVersion, type Names, readProtocol } from "./protocol.js";

const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));
const protocol = readProtocol();
const versions = ALL_VERSIONS.map((wire) => [versionName(wire), wire] as const);

describe.each(versions)("OpenFlow %s", (_name, wire) => {
  it("has its messages, with their types and sizes", () => {
    const standard = all("message").filter((one) => one.experimenter === undefined);
    const ours = new Map(standard.flatMap((one) => rowOf(one, wire, [8 + leastOfBody(one, wire)])));
    expect(sorted(ours)).toEqual(sorted(namesOf(protocol.messages, wire)));
  });

  it("has its multipart types, with the sizes of requests, replies and entries", () => {
    const ours = new Map<string, readonly number[]>();
    const standard = all("multipart").filter((one) => one.experimenter === undefined);
    for (const request of standard.filter((one) => one.part === "request")) {
      const name = request.name.replace(/_REQUEST$/, "");
      const reply = definition("multipart", `${name}_REPLY`);
      expect(reply.type).toEqual(request.type);
      if (isBeyond("multiparts", name, wire)) continue;
      const sizes = [leastOfBody(request, wire), leastOfBody(reply, wire), ...leastOfEntry(reply, wire)];
      for (const [, row] of rowOf(request, wire, sizes)) ours.set(name, row);
    }
    expect(sorted(ours)).toEqual(sorted(namesOf(protocol.multiparts, wire)));
  });

  it.each([...protocol.unions.keys()])("has each case of %s, with its type and size", (name) => {
    const union = definition("union", name);
    const ours = new Map<string, readonly number[]>();
    for (const one of union.cases) {
      const type = one.type[wire];
      if (type?.length !== 1 || isBeyond(name, one.name, wire)) continue;
      ours.set(one.name, [type[0] as number, leastOfCase(union, one.name, wire)]);
    }
    expect(sorted(ours)).toEqual(sorted(namesOf(protocol.unions.get(name), wire)));
  });

  it.each([...protocol.enums.keys()])("has each value of %s", (name) => {
    const ours = valuesOf(definition("enum", name).values, wire, (value) => value);
    compare(name, ours, protocol.enums.get(name), wire);
  });

  it.each([...protocol.flags.keys()])("has each bit of %s", (name) => {
    const ours = valuesOf(definition("flags", name).bits, wire, (bits) => bits.value);
    compare(name, ours, protocol.flags.get(name), wire);
  });

  it.each([...protocol.numbers.keys()])("has each reserved number of %s", (name) => {
    const { names, also } = definition("number", name);
    const ours = new Map(names);
    for (const [alias, of] of also) {
      if (protocol.numbers.get(name)?.get(wire)?.has(alias)) ours.set(alias, names.get(of) as number);
    }
    for (const [alias, of] of also) if (ours.has(alias)) ours.delete(of);
    compare(name, ours, protocol.numbers.get(name), wire);
  });

  it("has its types of errors", () => {
    const ours = valuesOf(definition("enum", "ErrorType").values, wire, (value) => value);
    const theirs: ByVersion<number> = new Map([
      [wire, new Map(typesOfErrors(wire).map(([name, codes]) => [name, codes.get("type") as number]))],
    ]);
    compare("ErrorType", ours, theirs, wire);
  });

  it.each([...protocol.errors.keys()])("has each code of %s", (name) => {
    const { values, also } = definition("code", "ErrorCode");
    const ours = valuesOf(values.get(name) ?? new Map(), wire, (value) => value);
    const theirs = new Map(namesOf(protocol.errors.get(name), wire));
    if (theirs.size === 0) return;
    theirs.delete("type");
    const renamed = new Map([...theirs].map(([code, number]) => [also.get(code) ?? code, number]));
    compare(name, ours, new Map([[wire, renamed]]), wire);
  });
});

describe("The schemas", () => {
  it("pad what the table says, inside or behind what the length counts", () => {
    const padded = [...all("union"), ...all("struct")];
    const counted = padded.filter((one) => one.multiple === 8).map((one) => one.name);
    const added = padded.filter((one) => one.align === 8).map((one) => one.name);
    expect(counted.sort()).toEqual([...protocol.padding.counted].sort());
    expect(added.sort()).toEqual([...protocol.padding.added].sort());
  });

  it("have each match field of the basic class, with its number, bits, bytes, mask and first version", () => {
    const rows = definition("tlv_table", "Field").cases.filter((one) => one.oxmClass === 0x8000);
    for (const wire of ALL_VERSIONS.filter((one) => one >= 3)) {
      const ours = rows
        .filter((one) => Math.max(one.since, 3) <= wire)
        .map((one) => [one.name, fieldRow(one)] as const);
      expect(sorted(new Map(ours))).toEqual(sorted(namesOf(protocol.fields, wire)));
    }
  });

  it("have sixteen packet registers; the specification leaves their number open", () => {
    const rows = definition("tlv_table", "Field").cases.filter((one) => one.oxmClass === 0x8001);
    expect(rows.map((one) => one.field)).toEqual(Array.from({ length: 16 }, (_, n) => n));
    expect(new Set(rows.map((one) => fieldRow(one).slice(1).join()))).toEqual(new Set(["64,8,1"]));
    expect(new Set(rows.map((one) => one.since))).toEqual(new Set([6]));
  });

  it("have each statistic of the basic class, with its number and bytes", () => {
    const ours = definition("tlv_table", "Stat").cases.map((one) => [one.name, statRow(one)] as const);
    expect(sorted(new Map(ours))).toEqual(sorted(namesOf(protocol.statistics, 6)));
  });

  it("go beyond the specifications only where the table says so", () => {
    const unused = [...protocol.beyond].flatMap(([name, names]) =>
      [...names].flatMap(([key, wires]) =>
        wires
          .filter((wire) => !seen.has(`${name} ${key} ${wire}`))
          .map((wire) => `${name} ${key} ${versionName(wire)}`),
      ),
    );
    expect(unused).toEqual([]);
  });
});

const seen = new Set<string>();

/** Whether the table says that we have a name in a version that specifies none. */
function isBeyond(name: string, key: string, wire: Version): boolean {
  if (!protocol.beyond.get(name)?.get(key)?.includes(wire)) return false;
  seen.add(`${name} ${key} ${wire}`);
  return true;
}

/** Demands the names of the table, and of the others that each is listed and takes no number which means something in this version. */
function compare(
  name: string,
  ours: Names<number>,
  table: ByVersion<number> | undefined,
  wire: Version,
): void {
  const theirs = namesOf(table, wire);
  if (theirs.size === 0) return;
  const taken = new Set(theirs.values());
  const kept = new Map<string, number>();
  for (const [key, value] of ours) {
    if (!theirs.has(key) && !taken.has(value) && isBeyond(name, key, wire)) continue;
    kept.set(key, value);
  }
  expect(sorted(kept)).toEqual(sorted(theirs));
}

function typesOfErrors(wire: Version): [string, Names<number>][] {
  return [...protocol.errors].flatMap(([name, codes]) => {
    const found = codes.get(wire);
    return found ? [[name, found] as [string, Names<number>]] : [];
  });
}

/** `[number, bits, bytes, mask]` */
function fieldRow(one: TlvCase): number[] {
  const type = model.definitions.get(one.type.name);
  const bytes = bytesOf(type);
  const bits = type?.kind === "scalar" ? (type.bits ?? bytes * 8) : bytes * 8;
  return [one.field, bits, bytes, one.mask ? 1 : 0];
}

function statRow(one: TlvCase): number[] {
  return [one.field, bytesOf(model.definitions.get(one.type.name))];
}

/** Bytes of a scalar, number or struct that stands in a TLV. */
function bytesOf(type: Definition | undefined): number {
  if (type?.kind === "number") return Math.max(...type.widths.keys());
  if (type?.kind === "struct") return leastOf(model, bodyUnit(type), 6);
  const [width] = (type as Scalar).widths;
  if (width?.kind === "int" || width?.kind === "oxm_id") return width.kind === "int" ? width.bytes : 0;
  return width?.kind === "bytes" ? (width.n ?? 0) : 0;
}

function rowOf(
  one: Message | Multipart,
  wire: Version,
  sizes: readonly number[],
): [string, readonly number[]][] {
  const type = one.type[wire];
  return type === undefined ? [] : [[one.name, [type, ...sizes]]];
}

function leastOfBody(one: Message | Multipart, wire: Version): number {
  return one.jsonList ? 0 : leastOf(model, bodyUnit(one), wire);
}

/** The least size of an element when the body is a list: of a struct, or of the smallest case of a union with a fixed size. */
function leastOfEntry(reply: Multipart, wire: Version): number[] {
  const entry = reply.jsonList && model.definitions.get(reply.jsonList.name);
  return entry?.kind === "struct" ? [leastOf(model, bodyUnit(entry as Struct), wire)] : [];
}

function leastOfCase(union: Union, name: string, wire: Version): number {
  const one = union.cases.find((each) => each.name === name);
  if (one === undefined) throw new Error(`${union.name} has no ${name}`);
  const unit = caseUnit(model, union, one);
  const bytes = unit.headerBytes(wire) + leastOf(model, unit, wire);
  return union.multiple > 1 ? Math.ceil(bytes / union.multiple) * union.multiple : bytes;
}

function valuesOf<T>(
  names: ReadonlyMap<string, readonly (T | undefined)[]>,
  wire: Version,
  number: (value: T) => number,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, values] of names) {
    const value = values[wire];
    if (value !== undefined) found.set(name, number(value));
  }
  return found;
}

function namesOf<T>(table: ByVersion<T> | undefined, wire: Version): Names<T> {
  return table?.get(wire) ?? new Map<string, T>();
}

function sorted<T>(names: Names<T>): [string, T][] {
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1));
}

function all<K extends Definition["kind"]>(kind: K): Extract<Definition, { kind: K }>[] {
  return [...model.definitions.values()].filter(
    (one): one is Extract<Definition, { kind: K }> => one.kind === kind,
  );
}

function definition<K extends Definition["kind"]>(kind: K, name: string): Extract<Definition, { kind: K }> {
  const found = model.definitions.get(name);
  if (found?.kind !== kind) throw new Error(`there is no ${kind} ${name}`);
  return found as Extract<Definition, { kind: K }>;
}
