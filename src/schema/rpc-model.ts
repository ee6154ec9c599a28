// The RPC interface as typed definitions: methods and events of the daemon, and what their JSON is made of beside the protocol's types.
import type { TypeRef } from "./model.js";
import type { Place } from "./tree.js";

/** A value of a JSON text. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What a value may be: one of the types, or null. */
export interface RpcType {
  /** At least one. */
  readonly types: readonly TypeRef[];
  readonly nullable: boolean;
}

/** A key of params, of a result, or of a record. */
export interface RpcField extends RpcType {
  readonly name: string;
  /** May be missing, and then has no value. */
  readonly optional: boolean;
  /** The value that a missing key stands for; undefined: there is none. */
  readonly default: JsonValue | undefined;
  /** Least and largest number, both included. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The number is larger than this one. */
  readonly above: number | undefined;
  readonly unit: string | undefined;
  /** Empty where what the type says of itself is enough. */
  readonly doc: string;
  readonly at: Place;
}

/** The keys of an object. */
export interface RpcKeys {
  /** Name of a record, or Message: its keys stand before the others. */
  readonly with: string | undefined;
  readonly fields: readonly RpcField[];
}

/** Params or a result: an object with these keys, or a value of a type. */
export type RpcBody =
  | ({ readonly kind: "keys"; readonly at: Place } & RpcKeys)
  | { readonly kind: "type"; readonly type: RpcType; readonly at: Place };

interface Named {
  readonly name: string;
  readonly doc: string;
  readonly at: Place;
}

/** A text or number with a meaning that no frame has. */
export interface RpcValue extends Named {
  readonly kind: "value";
  readonly form: "text" | "boolean" | "integer" | "number" | "any";
  /** Regular expression of the whole text. */
  readonly pattern: string | undefined;
}

/** One of some texts. */
export interface RpcWords extends Named {
  readonly kind: "words";
  /** Each with what it says. */
  readonly words: ReadonlyMap<string, string>;
}

/** An object. */
export interface RpcRecord extends Named, RpcKeys {
  readonly kind: "record";
}

/** A table of error codes. */
export interface RpcFailures extends Named {
  readonly kind: "failures";
  readonly failures: readonly RpcFailure[];
}

/** A way in which requests fail. Its name is one of its own: failures are no definitions. */
export interface RpcFailure extends Named {
  readonly code: number;
  /** What `data` of the error holds. */
  readonly data: RpcType | undefined;
}

/** A method of the daemon. */
export interface RpcMethodDefinition extends Named {
  readonly kind: "method";
  /** Undefined: it takes none. */
  readonly params: RpcBody | undefined;
  /** A request may leave `params` out. */
  readonly paramsOptional: boolean;
  readonly result: RpcBody;
  /** Names of failures that it may have besides those that all requests may have. */
  readonly errors: readonly { readonly name: string; readonly at: Place }[];
  readonly example: {
    readonly params: JsonValue | undefined;
    readonly result: JsonValue;
    readonly at: Place;
  };
}

/** A notification of the daemon; all are sent as OFP.MESSAGE. */
export interface RpcEvent extends Named {
  readonly kind: "event";
  readonly params: RpcBody;
  readonly example: { readonly params: JsonValue; readonly at: Place };
}

/** What types of the interface may name. */
export type RpcPart = RpcValue | RpcWords | RpcRecord;

export type RpcDefinition = RpcPart | RpcFailures | RpcMethodDefinition | RpcEvent;

export const RPC_KINDS = [
  "value",
  "words",
  "record",
  "failures",
  "method",
  "event",
] as const satisfies readonly RpcDefinition["kind"][];
