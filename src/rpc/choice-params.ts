// What says which messages a client wants: patterns of types, switches, connections, and filters of packets.
import { didYouMean } from "../base/index.js";
import { messageTypeNames } from "../codec/decode.js";
import { compilePacketFilter, type PacketFilter, PacketFilterError } from "../packet/index.js";
import { compileGlob } from "../text/index.js";
import { RequestError, RPC, show } from "./errors.js";
import { isAbsent, type Param, readDatapathId, readList, readText, readUint } from "./params.js";

/** A pattern of message types, as it was written and as a test. */
export interface TypePattern {
  readonly pattern: string;
  readonly matches: (type: string) => boolean;
}

/** Most elements of a list. */
const MAX_ELEMENTS = 10_000;

/**
 * A list of patterns of message types; undefined where it is not given. A pattern that fits no type is a mistake, for its client would wait
 * for ever. Throws RequestError. @param more  names besides those of OpenFlow
 */
export function readTypePatterns(given: Param, more: readonly string[] = []): TypePattern[] | undefined {
  return readOptionalList(given, (element) => {
    const pattern = readText(element);
    const matches = compileGlob(pattern);
    const names = [...messageTypeNames(), ...more];
    if (names.some(matches)) return { pattern, matches };
    throw new RequestError(
      element.path,
      `no message type is like ${show(pattern)}${didYouMean(pattern, names)}`,
      { reason: "UNKNOWN" },
    );
  });
}

/** Datapath ids in their one written form; undefined where the list is not given. Throws RequestError. */
export function readDatapathIds(given: Param): ReadonlySet<string> | undefined {
  return toSet(
    readOptionalList(given, (element) => {
      const id = readDatapathId(element);
      if (id === "") throw new RequestError(element.path, "Invalid DatapathID.");
      return id;
    }),
  );
}

/** Numbers of connections; undefined where the list is not given. Throws RequestError. */
export function readConnIds(given: Param): ReadonlySet<number> | undefined {
  return toSet(readOptionalList(given, (element) => readUint(element, Number.MAX_SAFE_INTEGER, 0)));
}

/** Makes a filter of its text. Rejects with RequestError for the path. */
export async function compileFilter(text: string, path: Param["path"]): Promise<PacketFilter> {
  try {
    return await compilePacketFilter(text);
  } catch (error) {
    if (!(error instanceof PacketFilterError)) throw error;
    const { code, message } = error;
    if (code === "SYNTAX") throw new RequestError(path, `invalid pcap filter: ${message}`);
    throw new RequestError(path, message, { code: RPC.INTERNAL, reason: code });
  }
}

function readOptionalList<T>(given: Param, read: (element: Param) => T): T[] | undefined {
  if (isAbsent(given.value)) return undefined;
  const list = readList(given);
  if (list.length <= MAX_ELEMENTS) return list.map(read);
  throw new RequestError(given.path, `${list.length} elements; there can be ${MAX_ELEMENTS} at most`);
}

function toSet<T>(list: readonly T[] | undefined): ReadonlySet<T> | undefined {
  return list === undefined ? undefined : new Set(list);
}
