// What there is to say about the RPC interface: the form of the generated catalog.

/** A key of params, of a result, or of a value below them. */
export interface RpcKey {
  readonly name: string;
  /** As people read it: `Endpoint`, `[UInt8]`, `NONE | GENERIC_REPLY`. Empty where `keys` says all. */
  readonly type: string;
  /** The value has these keys. */
  readonly keys?: readonly RpcKey[];
  /** The value is a list of what `keys` says. */
  readonly list?: true;
  readonly required?: true;
  /** What a missing key means, as people write it. */
  readonly assumed?: string;
  /** `1 to 3600 seconds`. */
  readonly range?: string;
  readonly doc: string;
}

/** Params or a result. */
export interface RpcShape {
  /** As in RpcKey; also beside keys, where those of a message stand among them. */
  readonly type: string;
  readonly keys: readonly RpcKey[];
  readonly list?: true;
}

/** An error that a request may be answered with. */
export interface RpcFailureEntry {
  readonly name: string;
  readonly code: number;
  readonly doc: string;
  /** What its `data` has. */
  readonly data?: RpcShape;
}

/** Texts that a value may be. */
export interface RpcWord {
  readonly word: string;
  readonly doc: string;
}

interface Named {
  readonly name: string;
  readonly doc: string;
}

export interface RpcMethodEntry extends Named {
  readonly kind: "method";
  readonly params?: RpcShape;
  readonly result: RpcShape;
  /** Names of errors besides those that each request may have. */
  readonly errors: readonly string[];
  /** Values of `params` and `result` that belong together. */
  readonly example: { readonly params?: unknown; readonly result: unknown };
}

export interface RpcEventEntry extends Named {
  readonly kind: "event";
  readonly params: RpcShape;
  readonly example: { readonly params: unknown };
}

/** A text or number with a meaning that no frame has. */
export interface RpcValueEntry extends Named {
  readonly kind: "value";
}

/** A type of few words has no entry: they stand in its place. */
export interface RpcWordsEntry extends Named {
  readonly kind: "words";
  readonly words: readonly RpcWord[];
}

/** The error object of replies. */
export interface RpcErrorEntry extends Named {
  readonly kind: "error";
  readonly failures: readonly RpcFailureEntry[];
}

export type RpcEntry = RpcMethodEntry | RpcEventEntry | RpcValueEntry | RpcWordsEntry | RpcErrorEntry;

/** All of it: methods and events in the order of schemas/rpc.yaml, then types and errors. */
export type RpcCatalog = readonly RpcEntry[];
