// The tables that lead from version and type to a message's function, and from a type's name back.
import type { Message, Multipart } from "../schema/index.js";
import { WIRE_VERSIONS } from "../schema/index.js";
import type { Generation } from "./context.js";
import { quote } from "./naming.js";
import { SourceModule } from "./printer.js";

/** Emits gen/decode/index.ts: per version the messages and multiparts by type. */
export function emitDecodeDispatch(g: Generation): SourceModule {
  const module = new SourceModule("codec/gen/decode/index", "*");
  const definitions = [...g.model.definitions.values()];
  const messages = definitions.filter((d): d is Message => d.kind === "message");
  const requests = definitions.filter((d): d is Multipart => d.kind === "multipart" && d.part === "request");
  const replies = definitions.filter((d): d is Multipart => d.kind === "multipart" && d.part === "reply");
  const entry = module.use("entry", "codec/dispatch");
  const table = (list: readonly (Message | Multipart)[]): string =>
    WIRE_VERSIONS.map((v) => {
      const rows = list
        .filter((d) => d.type[v] !== undefined)
        .map((d) => {
          const body = d.jsonList ? "list" : d.json.length > 0 ? "object" : "empty";
          const fn = g.call(module, "decode", d.name, v);
          return `    [${d.type[v]}, ${entry}(${quote(d.name)}, "${body}", ${fn})],`;
        });
      return `  new Map([\n${rows.join("\n")}\n  ]),`;
    }).join("\n");
  const type = module.use("type DispatchTable", "codec/dispatch");
  for (const [name, list, doc] of [
    ["messages", messages, "Messages that are not multiparts, by wire version and type."],
    ["requests", requests, "Multipart requests, by wire version and multipart type."],
    ["replies", replies, "Multipart replies, by wire version and multipart type."],
  ] as const) {
    module.add(`/** ${doc} */\nexport const ${name}: ${type} = [\n  new Map(),\n${table(list)}\n];`);
  }
  const answers = module.use("type AnswerTable", "codec/dispatch");
  module.add(
    `/** What answers messages, by wire version and type. */\nexport const answers: ${answers} = [\n  new Map(),\n${answerRows(g, messages)}\n];`,
  );
  return module;
}

function answerRows(g: Generation, messages: readonly Message[]): string {
  return WIRE_VERSIONS.map((v) => {
    const rows = messages.flatMap(({ type, reply }) => {
      const answer = reply === undefined ? undefined : g.model.definitions.get(reply.name);
      if (type[v] === undefined || answer?.kind !== "message") return [];
      return [`    [${type[v]}, { type: ${answer.type[v]}, sure: ${reply?.maybe !== true} }],`];
    });
    return rows.length === 0 ? "  new Map()," : `  new Map([\n${rows.join("\n")}\n  ]),`;
  }).join("\n");
}
