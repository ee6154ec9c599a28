import { beforeAll, describe, expect, it } from "vitest";
import { ALL_VERSIONS, type Version, versionName } from "../../src/base/index.js";
import { type Catalog, type CatalogBody, type CatalogField, loadCatalog } from "../../src/codec/catalog.js";
import type { Fate } from "../../src/reference/fates.js";
import { type VersionRow, type VersionSection, versionRows } from "../../src/reference/index.js";
import { parseJsonLossless } from "../../src/text/index.js";
import { decodedText, encoded, Placing } from "./placing.js";

type Json = Record<string, unknown>;

let catalog: Catalog;
let sections: readonly VersionSection[];
let placings: ReadonlyMap<Version, Placing>;
beforeAll(async () => {
  catalog = await loadCatalog();
  sections = versionRows(catalog);
  placings = new Map(ALL_VERSIONS.map((v) => [v, new Placing(catalog, v)]));
});

/** All cells of sections of a kind: `check` gives what is wrong with one, or nothing. */
function wrongCells(
  kind: VersionSection["kind"],
  check: (row: VersionRow, fate: Fate, placing: Placing) => string | undefined,
): string[] {
  const wrong: string[] = [];
  for (const section of sections.filter((one) => one.kind === kind)) {
    for (const row of section.rows) {
      for (const [i, fate] of row.fates.entries()) {
        const version = ALL_VERSIONS[i] as Version;
        const said = check(row, fate, placings.get(version) as Placing);
        if (said !== undefined)
          wrong.push(`${row.entry}.${row.name} in ${versionName(version)}: ${fate.kind}: ${said}`);
      }
    }
  }
  return wrong;
}

/** What is wrong with an encoding that should fail with a text that names the version and the part. */
function shouldFail(message: Json, version: Version, ...names: readonly string[]): string | undefined {
  try {
    return `encodes as ${encoded(message)}`;
  } catch (error) {
    const text = (error as Error).message;
    const isClear =
      text.includes(`OpenFlow ${versionName(version)}`) && names.some((name) => text.includes(name));
    return isClear ? undefined : `unclear: ${text}`;
  }
}

/** What is wrong with an encoding that should succeed and come back with the names in it. */
function shouldReturn(message: Json, ...names: readonly string[]): string | undefined {
  try {
    const hex = encoded(message);
    const text = decodedText(hex);
    const lost = names.filter((name) => !text.includes(`"${name}"`));
    if (lost.length > 0) return `${lost} lost: ${text}`;
    return encoded(parseJsonLossless(text) as Json) === hex ? undefined : `not the same again: ${text}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function bodyOf(entry: string, part = ""): { body: CatalogBody; example: Json; field: CatalogField } {
  const e = catalog.entries.find((one) => one.name === entry);
  const [caseName, key] = part.includes(".") ? part.split(".") : ["", part];
  const c = e?.kind === "union" ? e.cases.find((one) => one.name === caseName) : e;
  if (c === undefined || !("body" in c)) throw new Error(`${entry} has no keys`);
  const field = c.body.fields.find((f) => f.name === key);
  if (field === undefined) throw new Error(`${entry} has no ${part}`);
  const example = "kind" in c && c.kind === "message" ? (c.example as Json).msg : c.example;
  return { body: c.body, example: example as Json, field };
}

describe("each cell of the tables of versions is true", () => {
  it("for messages", () => {
    const examples = new Map(
      catalog.entries.flatMap((e) => (e.kind === "message" ? [[e.name, e.example as Json]] : [])),
    );
    const wrong = wrongCells("message", ({ name }, fate, { version }) => {
      const message = { ...examples.get(name), version };
      return fate.kind === "yes" ? shouldReturn(message, name) : shouldFail(message, version, name);
    });
    expect(wrong).toEqual([]);
  });

  it("for actions, instructions, properties and their like", () => {
    const wrong = wrongCells("case", (row, fate, placing) => {
      const union = catalog.entries.find((e) => e.name === row.entry);
      const c = union?.kind === "union" ? union.cases.find((one) => one.name === row.part) : undefined;
      const wrap = placing.wrapOf(row.entry);
      // No message of the version has such a thing at all.
      if (wrap === undefined) return fate.kind === "error" ? undefined : "has no place";
      const message = wrap(c?.example);
      return fate.kind === "error"
        ? shouldFail(message, placing.version, row.name)
        : shouldReturn(message, ...(c?.spelling === undefined && !isHoisted(row) ? [row.name] : []));
    });
    expect(wrong).toEqual([]);
  });

  it("for SET_FIELD", () => {
    const wrong = wrongCells("set_field", ({ name }, fate, { version }) => {
      const field = fieldNamed(name);
      const { mask: _, ...value } = field.example.at(-1) as Json;
      const actions = [{ action: "SET_FIELD", ...value }];
      const msg = {
        table_id: 0,
        command: "ADD",
        match: [...field.example.slice(0, -1)],
        instructions: [{ instruction: "APPLY_ACTIONS", actions }],
      };
      const message = { type: "FLOW_MOD", version, msg };
      return fate.kind === "error"
        ? shouldFail(message, version, name)
        : shouldReturn(message, "SET_FIELD", name);
    });
    expect(wrong).toEqual([]);
  });

  it("for match fields", () => {
    const wrong = wrongCells("match", ({ name }, fate, { version }) => {
      const field = fieldNamed(name);
      const { mask: _, ...value } = field.example.at(-1) as Json;
      const message = (last: Json): Json => {
        const match = [...field.example.slice(0, -1), last];
        return { type: "FLOW_MOD", version, msg: { table_id: 0, command: "ADD", match } };
      };
      if (fate.kind !== "match")
        return shouldFail(
          message(value),
          version,
          ...[name, ...field.needs.map((n) => n.split(/[=&]/)[0] as string)],
        );
      const mask =
        { MacAddress: "00:00:00:00:00:01", IPv4Address: "0.0.0.1", IPv6Address: "::1" }[field.type] ?? 1;
      const masked = message({ field: name, value: mask, mask });
      return (
        shouldReturn(message(value), name) ??
        (fate.mask === "mask" && field.type !== "HexData" ? shouldReturn(masked, name, "mask") : undefined) ??
        (fate.mask === "" && version < 3 ? shouldFail(masked, version, name) : undefined)
      );
    });
    expect(wrong).toEqual([]);
  });

  it("for keys", () => {
    const wrong = wrongCells("key", (row, fate, placing) => {
      if (fate.kind === "none") return undefined;
      const wrap = placing.wrapOf(row.entry);
      // Structs whose keys stand in other objects are not values of a key.
      if (wrap === undefined) return undefined;
      const { example, field } = bodyOf(row.entry, row.part);
      const only = (field.only ?? []).map(({ value }) => value);
      const value = placing.sample(field.type, [...only, field.assumed ?? ""]) ?? latest(field, only);
      const message = wrap({ ...example, [field.name]: value });
      if (fate.kind === "error") return shouldFail(message, placing.version, field.name);
      if (fate.kind === "only") {
        const same = fate.value === "[]" ? [] : fate.value;
        return (
          shouldFail(message, placing.version, field.name) ??
          shouldReturn(wrap({ ...example, [field.name]: same }))
        );
      }
      const { [field.name]: _, ...without } = example;
      const other = wrap(field.required?.includes(placing.version) ? example : without);
      try {
        const isSame = encoded(message) === encoded(other);
        return isSame === (fate.kind === "dropped") ? undefined : isSame ? "not written" : "written";
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(wrong).toEqual([]);
  });

  it("for names of values", () => {
    const wrong = wrongCells("value", (row, fate, placing) => {
      const entry = catalog.entries.find((e) => e.name === row.entry);
      const type =
        entry?.kind === "code"
          ? Object.keys(entry.values).find((by) => entry.values[by]?.some((v) => v.name === row.part))
          : undefined;
      const isVendors = row.entry === "NxError" || row.entry === "OnfError";
      const message = isVendors
        ? { type: "ERROR", version: placing.version, msg: { type: "EXPERIMENTER", code: row.part, data: "" } }
        : row.entry === "ErrorType"
          ? { type: "ERROR", version: placing.version, msg: { type: row.part, code: 0, data: "" } }
          : type !== undefined
            ? { type: "ERROR", version: placing.version, msg: { type, code: row.part, data: "" } }
            : placing.wrapOf(row.entry)?.(row.part);
      // The same name may be an error of the other experimenter in this version.
      if (isVendors && fate.kind === "error" && hasVendorError(row.part as string, placing.version))
        return undefined;
      if (message === undefined) return fate.kind === "error" ? undefined : "has no place";
      if (fate.kind === "yes") return shouldReturn(message, row.part as string);
      return shouldFail(message, placing.version, row.part as string, type ?? row.name);
    });
    expect(wrong).toEqual([]);
  });
});

/** A value that some later version has: encoding for this one must refuse it. */
function latest(field: CatalogField, not: readonly string[]): unknown {
  return placings.get(6)?.sample(field.type, not);
}

/** The keys of these properties come back as keys of what has them, without the name of the property. */
function isHoisted(row: VersionRow): boolean {
  const union = catalog.entries.find((e) => e.name === row.entry);
  return union?.kind === "union" && union.tag === "property";
}

function fieldNamed(name: string) {
  const table = catalog.entries.find((e) => e.name === "Field");
  const field = table?.kind === "table" ? table.cases.find((c) => c.name === name) : undefined;
  if (field === undefined) throw new Error(`no field ${name}`);
  return field;
}

describe("rows of the tables of versions", () => {
  const fates = (title: string, name: string): string[] => {
    const row = sections.find((one) => one.title === title)?.rows.find((one) => one.name === name);
    return (row?.fates ?? []).map((fate) =>
      "form" in fate ? fate.form : "value" in fate ? fate.value : fate.kind,
    );
  };

  it("say what the specifications say", () => {
    expect(fates("Messages", "GROUP_MOD")).toEqual(["error", "yes", "yes", "yes", "yes", "yes"]);
    expect(fates("Action", "POP_VLAN")).toEqual(["STRIP_VLAN", "yes", "yes", "yes", "yes", "yes"]);
    expect(fates("SET_FIELD by field", "IP_ECN")).toEqual([
      "error",
      "SET_NW_ECN",
      "yes",
      "yes",
      "yes",
      "yes",
    ]);
    expect(fates("Instruction", "METER")).toEqual(["error", "error", "error", "yes", "yes", "error"]);
    expect(fates("Match fields", "METADATA")).toEqual(["error", "match", "match", "match", "match", "match"]);
    expect(fates("Keys", "FLOW_MOD.importance")).toEqual(["0", "0", "0", "0", "yes", "yes"]);
    expect(fates("Names of values", "FlowModFlags.EMERG")).toEqual([
      "yes",
      "error",
      "error",
      "error",
      "error",
      "error",
    ]);
  });
});

/** Whether an experimenter has an error of this name in this version. */
function hasVendorError(name: string, version: Version): boolean {
  return catalog.entries.some(
    (e) =>
      e.kind === "enum" &&
      (e.name === "NxError" || e.name === "OnfError") &&
      e.values.some((v) => v.name === name && v.versions.includes(version)),
  );
}
