// The tables that lead from version and type to a message's function, and from a type's name back.
import type { Message, Multipart } from "../schema/index.js";
import { bodyUnit, fixedRows, WIRE_VERSIONS } from "../schema/index.js";
import type { Generation } from "./context.js";
import { pascal, quote } from "./naming.js";
import { SourceModule } from "./printer.js";

/** Bytes before the body of a message, or before its experimenter. */
const HEADER_LENGTH = 8;

/** Emits gen/decode/index.ts: per version the messages and multiparts by type. */
export function emitDecodeDispatch(g: Generation): SourceModule {
  const module = new SourceModule("codec/gen/decode/index", "*");
  const definitions = [...g.model.definitions.values()];
  const messages = definitions.filter((d): d is Message => d.kind === "message");
  const requests = definitions.filter((d): d is Multipart => d.kind === "multipart" && d.part === "request");
  const replies = definitions.filter((d): d is Multipart => d.kind === "multipart" && d.part === "reply");
  const entry = module.use("entry", "codec/dispatch");
  const rowsOf = (list: readonly (Message | Multipart)[], v: number): string[] =>
    list
      .filter((d) => d.type[v] !== undefined)
      .map((d) => {
        const body = d.jsonList ? "list" : d.json.length > 0 ? "object" : "empty";
        const path = experimenterPath(d, v);
        const fn = g.call(module, "decode", d.name, v);
        return `[${d.type[v]}, ${entry}(${quote(d.name)}, "${body}", ${path}, ${fn})],`;
      });
  const table = (list: readonly (Message | Multipart)[]): string =>
    WIRE_VERSIONS.map((v) => mapText(rowsOf(list, v), "  ")).join("\n");
  const experimenterTable = (list: readonly (Message | Multipart)[]): string =>
    WIRE_VERSIONS.map((v) => {
      const rows = [...new Set(list.map((d) => d.experimenter))].flatMap((experimenter) => {
        const own = list.filter((d) => d.experimenter === experimenter);
        const entries = rowsOf(own, v);
        const id = `0x${experimenter?.toString(16).padStart(8, "0")}`;
        return entries.length === 0 ? [] : [`[${id}, ${mapText(entries, "    ").trim().slice(0, -1)}],`];
      });
      return mapText(rows, "  ");
    }).join("\n");
  const type = module.use("type DispatchTable", "codec/dispatch");
  const experimenterType = module.use("type ExperimenterTable", "codec/dispatch");
  for (const [name, list, doc] of [
    ["messages", messages, "Messages that are not multiparts"],
    ["requests", requests, "Multipart requests"],
    ["replies", replies, "Multipart replies"],
  ] as const) {
    const plain = table(list.filter((d) => d.experimenter === undefined));
    module.add(
      `/** ${doc}, by wire version and type. */\nexport const ${name}: ${type} = [\n  new Map(),\n${plain}\n];`,
    );
    const theirs = experimenterTable(list.filter((d) => d.experimenter !== undefined));
    module.add(
      `/** ${doc} of experimenters, by wire version, experimenter and its type. */\nexport const experimenter${pascal(name)}: ${experimenterType} = [\n  new Map(),\n${theirs}\n];`,
    );
  }
  const carriers = messages.filter((d) => hasPacket(g, d)).map((d) => quote(d.name));
  module.add(
    `/** Messages that hold a packet. */\nexport const packetMessages: ReadonlySet<string> = new Set([${carriers.join(", ")}]);`,
  );
  module.add(
    "/** Where a message begins that is part of another and has its transaction id, by wire version and the name of the outer one. */\n" +
      `export const innerMessages: readonly ReadonlyMap<string, number>[] = [\n  new Map(),\n${innerRows(g, messages)}\n];`,
  );
  const answers = module.use("type AnswerTable", "codec/dispatch");
  module.add(
    `/** What answers messages, by wire version and type. */\nexport const answers: ${answers} = [\n  new Map(),\n${answerRows(g, messages)}\n];`,
  );
  return module;
}

/** Whether a key of the message, or of what it inlines, is a packet. */
function hasPacket(g: Generation, { json }: Message): boolean {
  return json.some(({ packet, inline, type }) => {
    const d = inline && type ? g.model.definitions.get(type.name) : undefined;
    return packet || (d?.kind === "struct" && d.json.some((f) => f.packet));
  });
}

/** Bytes before the body that say whose type it is: experimenter and type; in multiparts of 1.0 Nicira has padding after them. */
export function experimenterPath(d: Message | Multipart, version: number): 0 | 8 | 12 {
  if (d.experimenter === undefined) return 0;
  return d.kind === "multipart" && version === 1 ? 12 : 8;
}

function mapText(rows: readonly string[], indent: string): string {
  if (rows.length === 0) return `${indent}new Map(),`;
  return `${indent}new Map([\n${rows.map((row) => `${indent}  ${row}`).join("\n")}\n${indent}]),`;
}

function innerRows(g: Generation, messages: readonly Message[]): string {
  return WIRE_VERSIONS.map((v) => {
    const entries = messages.flatMap((d) => {
      const rows = d.rows[v] ?? [];
      const inner = rows.findIndex((row) => row.kind === "field" && row.width.kind === "message");
      if (inner < 0) return [];
      const before = fixedRows(g.model, bodyUnit(d), rows.slice(0, inner), v);
      return [`[${quote(d.name)}, ${HEADER_LENGTH + experimenterPath(d, v) + (before ?? 0)}],`];
    });
    return mapText(entries, "  ");
  }).join("\n");
}

function answerRows(g: Generation, messages: readonly Message[]): string {
  return WIRE_VERSIONS.map((v) => {
    const rows = messages.flatMap(({ type, reply, experimenter }) => {
      const answer = reply === undefined ? undefined : g.model.definitions.get(reply.name);
      if (type[v] === undefined || answer?.kind !== "message" || experimenter !== undefined) return [];
      return [`    [${type[v]}, { type: ${answer.type[v]}, sure: ${reply?.maybe !== true} }],`];
    });
    return rows.length === 0 ? "  new Map()," : `  new Map([\n${rows.join("\n")}\n  ]),`;
  }).join("\n");
}
