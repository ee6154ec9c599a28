// The whole generator: a checked model in, source files out.
import { bodyUnit, groupVersions, type Model } from "../schema/index.js";
import { Generation } from "./context.js";
import { emitBodyDecoder } from "./decode-body.js";
import { emitStructDecoder } from "./decode-struct.js";
import { emitTlvTableDecoder } from "./decode-tlv-table.js";
import { emitUnionDecoder } from "./decode-union.js";
import { emitDecodeDispatch } from "./dispatch.js";
import { emitCatalog } from "./emit-catalog.js";
import { emitJsonSchema } from "./emit-json-schema.js";
import { emitNameVersions } from "./emit-name-versions.js";
import { emitOpenRpc } from "./emit-openrpc.js";
import { emitRpcCatalog } from "./emit-rpc-catalog.js";
import { emitRpcParams, emitRpcTypes } from "./emit-rpc-types.js";
import { emitTypes } from "./emit-types.js";
import { emitVendorErrors } from "./emit-vendor-errors.js";
import { emitEncodeDispatch, emitMessageEncoder } from "./encode-message.js";
import { emitStructEncoder } from "./encode-struct.js";
import { emitTlvTableEncoder } from "./encode-tlv-table.js";
import { emitUnionEncoder } from "./encode-union.js";

/** Generated files by path below src/codec/gen. The same model gives the same files, byte for byte. */
export function generate(model: Model): Map<string, string> {
  const groups = groupVersions(model);
  const files = new Map<string, string>();
  const modules = [
    ...generateDecoders(new Generation(model, groups, "decode")),
    ...generateEncoders(new Generation(model, groups, "encode")),
    emitNameVersions(model),
    emitVendorErrors(model),
    emitTypes(model),
    emitJsonSchema(model),
    emitCatalog(model),
  ];
  for (const module of modules) {
    files.set(`${module.path.replace("codec/gen/", "")}.ts`, module.toString());
  }
  return files;
}

/** Generated files by path below src/rpc/gen. */
export function generateRpc(model: Model): Map<string, string> {
  const modules = [emitRpcTypes(model), emitRpcParams(model), emitRpcCatalog(model), emitOpenRpc(model)];
  return new Map(modules.map((one) => [`${one.path.replace("rpc/gen/", "")}.ts`, one.toString()]));
}

function generateDecoders(g: Generation): Iterable<{ path: string; toString(): string }> {
  for (const d of g.model.definitions.values()) {
    switch (d.kind) {
      case "struct":
        emitStructDecoder(g, d);
        break;
      case "union":
        emitUnionDecoder(g, d);
        break;
      case "tlv_table":
        emitTlvTableDecoder(g, d);
        break;
      case "message":
      case "multipart":
        for (const version of g.groupVersions(d.name))
          emitBodyDecoder(g, g.moduleOf(d.name), bodyUnit(d), version, `${d.name}: ${d.doc}`);
        break;
    }
  }
  const dispatch = emitDecodeDispatch(g);
  return [...[...g.modules.values()].filter((m) => !m.empty), dispatch];
}

function generateEncoders(g: Generation): Iterable<{ path: string; toString(): string }> {
  for (const d of g.model.definitions.values()) {
    switch (d.kind) {
      case "struct":
        emitStructEncoder(g, d);
        break;
      case "union":
        emitUnionEncoder(g, d);
        break;
      case "tlv_table":
        emitTlvTableEncoder(g, d);
        break;
      case "message":
      case "multipart":
        emitMessageEncoder(g, d);
        break;
    }
  }
  const dispatch = emitEncodeDispatch(g);
  return [...[...g.modules.values()].filter((m) => !m.empty), dispatch];
}
