import { beforeAll, describe, expect, it } from "vitest";
import { type Catalog, type CatalogEntry, loadCatalog } from "../../src/codec/catalog.js";
import { decodeMessage, makeEnvelope } from "../../src/codec/decode.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { emitCatalog } from "../../src/codegen/emit-catalog.js";
import { Text } from "../../src/text/index.js";
import { fixtureModel } from "./emit-fixture.js";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await loadCatalog();
});

function encoded(message: object): string {
  const w = new MessageWriter();
  encodeMessage(message, w, {});
  return w.view().toString("hex");
}

function decoded(hex: string): object {
  const out = new Text();
  decodeMessage(Buffer.from(hex, "hex"), out, makeEnvelope({}));
  return JSON.parse(out.takeString()) as object;
}

function entry<K extends CatalogEntry["kind"]>(kind: K, name: string): Extract<CatalogEntry, { kind: K }> {
  const found = catalog.entries.find((e) => e.kind === kind && e.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found as Extract<CatalogEntry, { kind: K }>;
}

describe("the catalog of a small model", () => {
  const source = emitCatalog(fixtureModel()).toString();
  const entries = source
    .split("\n")
    .flatMap((line) =>
      /^ {4}\{.*\},$/.test(line) ? [JSON.parse(line.trim().slice(0, -1)) as Record<string, unknown>] : [],
    );
  const named = (name: string): unknown => entries.find((e) => e.name === name);

  it("is the same each time", () => {
    expect(emitCatalog(fixtureModel()).toString()).toBe(source);
  });

  it("says of a message what it needs in which versions, and shows one", () => {
    expect(named("LAMP_MOD")).toEqual({
      kind: "message",
      name: "LAMP_MOD",
      doc: "Changes a lamp.",
      spec: "OpenFlow 1.0 §5, 1.4 §7",
      code: "9 (1.0), 14 (1.1+)",
      size: "19 or more (1.0), 20 or more (1.1+)",
      body: {
        versions: [1, 2, 3, 4, 5, 6],
        fields: [
          { name: "id", type: "UInt64", doc: "Which lamp.", required: [1, 2, 3, 4, 5, 6] },
          { name: "level", type: "Level", doc: "", assumed: "HIGH" },
          {
            name: "colour",
            type: "Colour",
            doc: "",
            assumed: "RED",
            carried: [2, 3, 4, 5, 6],
            ignorable: true,
          },
          { name: "flags", type: "[LampFlags]", doc: "", required: [1, 2, 3, 4, 5, 6] },
          { name: "parts", type: "[Part]", doc: "", assumed: "[]" },
        ],
      },
      optional: false,
      example: { type: "LAMP_MOD", xid: 1, msg: { id: 1, flags: ["ON"] } },
    });
  });

  it("says in which versions values and cases exist", () => {
    expect(named("Colour")).toMatchObject({
      values: [
        { name: "RED", value: "0", versions: [1, 2, 3, 4, 5, 6], doc: "Like blood." },
        { name: "BLUE", value: "1", versions: [5, 6], doc: "" },
      ],
    });
    expect(named("LampFlags")).toMatchObject({
      values: [{ name: "ON", value: "0x1" }, { name: "DIM", value: "0x2", versions: [1] }, { name: "WARM" }],
    });
    expect(named("Part")).toMatchObject({
      kind: "union",
      tag: "part",
      cases: [
        { name: "BULB", code: "1", example: { part: "BULB", power: 1 } },
        { name: "SWITCH", versions: [5, 6], spec: "OpenFlow 1.4 §1.2", example: { part: "SWITCH" } },
      ],
    });
  });
});

describe("the catalog of OpenFlow", () => {
  it("explains everything", () => {
    for (const e of catalog.entries) {
      expect([e.name, e.doc === ""]).toEqual([e.name, false]);
      if (e.kind !== "union" && e.kind !== "table") continue;
      for (const c of e.cases) expect([e.name, c.name, c.doc === ""]).toEqual([e.name, c.name, false]);
    }
  });

  it("explains every key", () => {
    const bodies = catalog.entries.flatMap((e) => {
      if (e.kind === "union") return e.cases.map((c) => [`${e.name}.${c.name}`, c.body] as const);
      return e.kind === "message" || e.kind === "struct" ? [[e.name, e.body] as const] : [];
    });
    const silent = bodies.flatMap(([owner, { fields }]) =>
      fields.filter((f) => f.doc === "").map((f) => `${owner}.${f.name}`),
    );
    expect(silent).toEqual([]);
  });

  it("explains every error, flag and reserved number", () => {
    const silent = catalog.entries.flatMap((e) => {
      const values =
        "values" in e ? [e.values].flat().flatMap((v) => ("doc" in v ? [v] : Object.values(v).flat())) : [];
      return values.filter((v) => v.doc === "").map((v) => `${e.name}.${v.name}`);
    });
    // Sets of reasons: the enumeration of the reasons explains them.
    expect(silent.filter((name) => !/^\w+ReasonFlags\./.test(name))).toEqual([]);
  });

  it("names no type that has no entry", () => {
    const names = new Set(catalog.entries.map(({ name }) => name));
    const bodies = catalog.entries.flatMap((e) =>
      e.kind === "message" || e.kind === "struct"
        ? [e.body]
        : e.kind === "union"
          ? e.cases.map((c) => c.body)
          : [],
    );
    const types = bodies.flatMap((b) => [
      ...b.fields.map((f) => f.type.replace(/^\[|\]$/g, "")),
      b.list ?? "Text",
      b.inline ?? "Text",
    ]);
    expect(types.filter((type) => !names.has(type))).toEqual([]);
  });

  it("has an example of each message that encodes in every version that has it, and comes back", () => {
    const messages = catalog.entries.filter((e) => e.kind === "message");
    expect(messages.length).toBeGreaterThan(70);
    for (const m of messages) {
      for (const version of m.body.versions) {
        const label = `${m.name} in wire version ${version}`;
        const hex = encoded({ ...(m.example as object), version });
        const back = decoded(hex);
        expect(back, label).toMatchObject({ type: m.name, xid: 1, version });
        expect(encoded(back), label).toBe(hex);
      }
    }
  });

  it("has examples of actions and instructions that encode in the versions that it gives them", () => {
    const places = [
      ["Action", (one: unknown) => ({ type: "PACKET_OUT", msg: { actions: [one] } })],
      [
        "Instruction",
        (one: unknown) => ({ type: "FLOW_MOD", msg: { table_id: 0, command: "ADD", instructions: [one] } }),
      ],
    ] as const;
    for (const [name, wrap] of places) {
      for (const c of entry("union", name).cases) {
        for (const version of [1, 2, 3, 4, 5, 6] as const) {
          const label = `${c.name} in wire version ${version}`;
          const message = { ...wrap(c.example), version };
          const partly = c.older?.some((o) => o.field !== undefined && o.versions.includes(version));
          if (c.versions.includes(version))
            expect(decoded(encoded(message)), label).toMatchObject({ version });
          else if (!partly) expect(() => encoded(message), label).toThrow(/cannot be expressed/);
        }
      }
    }
  });

  it("has an example of each match field, with what it needs, that encodes without additions", () => {
    for (const c of entry("table", "Field").cases) {
      const message = {
        type: "FLOW_MOD",
        version: 6,
        msg: { table_id: 0, command: "ADD", match: c.example },
      };
      expect(decoded(encoded(message)), c.name).toMatchObject({ msg: { match: c.example } });
    }
  });

  it("knows the older layouts of actions", () => {
    const cases = entry("union", "Action").cases;
    expect(cases.find((c) => c.name === "POP_VLAN")).toMatchObject({
      versions: [1, 2, 3, 4, 5, 6],
      older: [{ name: "STRIP_VLAN", versions: [1] }],
    });
    expect(cases.find((c) => c.name === "SET_FIELD")).toMatchObject({ versions: [3, 4, 5, 6] });
    expect(cases.find((c) => c.name === "SET_FIELD")?.older).toContainEqual({
      name: "SET_TP_SRC",
      versions: [1, 2],
      field: "TCP_SRC, UDP_SRC, SCTP_SRC",
    });
    expect(entry("union", "Instruction").cases.find((c) => c.name === "APPLY_ACTIONS")?.versions).toContain(
      1,
    );
  });

  it("has the ids of fields and what they need", () => {
    expect(entry("table", "Field").cases.find((c) => c.name === "IPV6_ND_SLL")).toMatchObject({
      id: "0x8000.32",
      type: "MacAddress",
      mask: false,
      needs: ["ETH_TYPE=0x86dd", "IP_PROTO=58", "ICMPV6_TYPE=135"],
    });
    expect(entry("table", "Field").cases.find((c) => c.name === "ONF_TCP_FLAGS")?.id).toBe(
      "0xffff.42.0x4f4e4600",
    );
  });
});
