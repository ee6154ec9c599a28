// The errors of the program: one base class, closed codes, context as fields, message written last.
// Thrown where the fault is known, caught at four boundaries only: a frame, a request, a CLI input, the process.
import { joinPath } from "./path.js";

/** Every error that this program throws on purpose. Anything else that is thrown is a bug. */
export class OftrError<Code extends string | number = string | number> extends Error {
  override readonly name: string = "OftrError";
  /** Stable, for programs; `message` is for people. */
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

/** What can be wrong with the bytes of a frame. */
export type DecodeErrorCode = "SHORT" | "BAD_LENGTH" | "BAD_TYPE" | "BAD_VERSION";

/** A frame that does not obey its own lengths, or has a type or version nobody knows. */
export class DecodeError extends OftrError<DecodeErrorCode> {
  override readonly name = "DecodeError";
  /** Part of the message, e.g. "FLOW_MOD.match". */
  readonly where: string;
  /** Bytes from the start of the frame. */
  readonly offset: number;

  readonly detail: string;

  constructor(code: DecodeErrorCode, where: string, offset: number, detail: string) {
    super(code, `${where}: ${detail} (byte ${offset})`);
    this.where = where;
    this.offset = offset;
    this.detail = detail;
  }

  /** The same error, `where` within a part: `FLOW_MOD, Action`. What says the part already stays as it is. */
  within(part: string): DecodeError {
    const { where } = this;
    if (where === part || where.startsWith(`${part}.`)) return this;
    return new DecodeError(this.code, `${part}, ${where}`, this.offset, this.detail);
  }

  /** The same error, its offset counted from byte `start`. */
  from(start: number): DecodeError {
    return new DecodeError(this.code, this.where, this.offset - start, this.detail);
  }
}

/**
 * What can be wrong with a value that shall become bytes. INVALID: not of the field's type or range;
 * MISSING: a required key; UNKNOWN: a key nobody reads; UNSUPPORTED: the OpenFlow version cannot say it;
 * TOO_LONG: does not fit a length field; TOO_DEEP: nested beyond the limit.
 */
export type EncodeErrorCode = "INVALID" | "MISSING" | "UNKNOWN" | "UNSUPPORTED" | "TOO_LONG" | "TOO_DEEP";

/** What an EncodeError may know besides its path and detail. */
export interface EncodeErrorFacts {
  code?: EncodeErrorCode;
  /** The value that was refused. */
  found?: unknown;
  /** Name of the wanted type, e.g. "MacAddress". */
  expected?: string;
}

/**
 * A JSON value that cannot become bytes. Thrown by the leaf with its own key only; each list and object on
 * the way up calls `prefix`, so that nothing is spent on paths while all goes well.
 */
export class EncodeError extends OftrError<EncodeErrorCode> {
  override readonly name = "EncodeError";
  readonly detail: string;
  readonly found: unknown;
  readonly expected: string | undefined;
  #path: string;

  /**
   * @param key     key of the value in its object, or "" for the value itself
   * @param detail  what is wrong, without the path: `"x" is not a MacAddress`
   */
  constructor(key: string, detail: string, facts: EncodeErrorFacts = {}) {
    super(facts.code ?? "INVALID", at(key, detail));
    this.#path = key;
    this.detail = detail;
    this.found = facts.found;
    this.expected = facts.expected;
  }

  /** Where the value is, seen from the outermost `prefix` so far: `msg.match[2].value`. */
  get path(): string {
    return this.#path;
  }

  /** Puts one more outer part (`msg`, `.actions[2]`, `[2]`) before the path and returns this error, to be rethrown. */
  prefix(part: string): this {
    return this.relocate(joinPath(part, this.#path));
  }

  /** Says that the value is elsewhere, seen from the same object: a key that is read for another one. Returns this error, to be rethrown. */
  relocate(path: string): this {
    this.#path = path;
    this.message = at(this.#path, this.detail);
    return this;
  }
}

/** A detail with its path before it. Only a key that no message has, or deep nesting, makes a path so long that it is cut. */
function at(path: string, detail: string): string {
  if (path === "") return detail;
  return `${path.length > 300 ? `${path.slice(0, 200)}…${path.slice(-100)}` : path}: ${detail}`;
}

/** What can be wrong with an input text. */
export type TextErrorCode =
  | "SYNTAX"
  | "TOO_LARGE"
  | "TOO_DEEP"
  | "DUPLICATE_KEY"
  | "ALIAS"
  | "TAG"
  | "DIRECTIVE";

/** JSON or YAML text that cannot be read. Lines and columns count from 1; columns count UTF-16 units. */
export class TextError extends OftrError<TextErrorCode> {
  override readonly name = "TextError";
  readonly line: number;
  readonly column: number;
  readonly detail: string;

  constructor(code: TextErrorCode, line: number, column: number, detail: string) {
    super(code, `${line}:${column}: ${detail}`);
    this.line = line;
    this.column = column;
    this.detail = detail;
  }
}

/** A protocol schema file that breaks a rule of the schema language. Lines and columns count from 1. */
export class SchemaError extends OftrError<"SCHEMA"> {
  override readonly name = "SchemaError";
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly detail: string;

  constructor(file: string, line: number, column: number, detail: string) {
    super("SCHEMA", `${file}:${line}:${column}: ${detail}`);
    this.file = file;
    this.line = line;
    this.column = column;
    this.detail = detail;
  }
}

/** What can go wrong with an OpenFlow connection, or with making one. */
export type ChannelErrorCode =
  | "LISTEN_FAILED"
  | "CONNECT_FAILED"
  | "TLS_FAILED"
  | "HANDSHAKE_FAILED"
  | "INCOMPATIBLE_VERSION"
  | "TIMEOUT"
  | "REFUSED"
  | "NOT_FOUND"
  | "LIMIT"
  | "CLOSED"
  | "IO";

/** An OpenFlow connection that failed, or a request for one that cannot be met. */
export class ChannelError extends OftrError<ChannelErrorCode> {
  override readonly name = "ChannelError";
  /** Number of the connection, where there is one. */
  readonly connId: number | undefined;

  constructor(code: ChannelErrorCode, detail: string, connId?: number) {
    super(code, detail);
    this.connId = connId;
  }
}

/** An answer to an RPC request that is an error. `code` is a JSON-RPC 2.0 error code (section 5.1), e.g. -32602. */
export class RpcError extends OftrError<number> {
  override readonly name = "RpcError";
  /** Further facts for the client; undefined leaves the key `data` out. */
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(code, message);
    this.data = data;
  }
}
