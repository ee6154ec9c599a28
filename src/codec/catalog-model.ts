// What there is to say about the protocol: the form of the generated catalog. Versions are wire versions: 1 is OpenFlow 1.0, 6 is 1.5.
import type { Version } from "../base/index.js";

/** What all entries have. */
export interface CatalogNamed {
  readonly name: string;
  /** A sentence or two. */
  readonly doc: string;
  /** Sections of the specification; empty when there are none. */
  readonly spec: string;
}

/** Bytes on the wire: `16`, `8 or more`, `8 (1.0), 16 (1.1+)`. Empty where the schema does not know. */
export type CatalogSize = string;

/** A key of a JSON object. */
export interface CatalogField {
  readonly name: string;
  /** Name of an entry, in brackets for a list of it: `PortNumber`, `[Action]`. */
  readonly type: string;
  readonly doc: string;
  /** Versions in which encoding refuses an object without the key; absent: none. */
  readonly required?: readonly Version[];
  /** What a missing key means, as people write it. */
  readonly assumed?: string;
  /** Versions whose frames carry the key; absent: all that the object exists in. */
  readonly carried?: readonly Version[];
  /** Other versions drop the value. Without this they refuse it, but for the one value of `only`. */
  readonly ignorable?: true;
  /** What versions that do not carry the key take it to be, as people write it. */
  readonly only?: readonly { readonly value: string; readonly versions: readonly Version[] }[];
  /** Encoding refuses an object that has neither this key nor one of packets. */
  readonly orPacket?: true;
  /** Printed by decoding, ignored by encoding. */
  readonly derived?: true;
}

/** The JSON of a message's `msg`, of a struct, or of a case beside its tag. */
export interface CatalogBody {
  readonly versions: readonly Version[];
  readonly fields: readonly CatalogField[];
  /** The body is an array of these. */
  readonly list?: string;
  /** The keys of this entry stand among the fields. */
  readonly inline?: string;
}

export interface CatalogMessage extends CatalogNamed {
  readonly kind: "message";
  /** Code of the type, with versions where it changed: `15 (1.0), 16 (1.1+)`. */
  readonly code: string;
  /** Bytes on the wire, all headers included; see CatalogSize. */
  readonly size: CatalogSize;
  /** Who has defined it; `code` is the type that it has given. */
  readonly experimenter?: string;
  /** Multipart messages have a second type, which `code` is. */
  readonly part?: "request" | "reply";
  readonly body: CatalogBody;
  /** `msg` may be missing. */
  readonly optional: boolean;
  /** A message without version that encodes in all versions of the body. */
  readonly example: unknown;
}

export interface CatalogStruct extends CatalogNamed {
  readonly kind: "struct";
  readonly size: CatalogSize;
  readonly body: CatalogBody;
  readonly example: unknown;
}

/** One of several forms of an object. */
export interface CatalogCase extends CatalogNamed {
  readonly code: string;
  /** Header included; see CatalogSize. */
  readonly size: CatalogSize;
  /** Versions in which it can be written; that may be more than those of the body. */
  readonly versions: readonly Version[];
  /** How the tag is written, where that is not the name: `EXPERIMENTER.<experimenter>`. */
  readonly spelling?: string;
  readonly body: CatalogBody;
  /** Older layouts that are printed as this case and written for it: `STRIP_VLAN` in 1.0. */
  readonly older?: readonly {
    readonly name: string;
    readonly versions: readonly Version[];
    readonly field?: string;
  }[];
  readonly example: unknown;
}

export interface CatalogUnion extends CatalogNamed {
  readonly kind: "union";
  /** The key that tells which case an object is. */
  readonly tag: string;
  readonly cases: readonly CatalogCase[];
}

/** A field of packets or a statistic, as a TLV on the wire. */
export interface CatalogTlv extends CatalogNamed {
  /** Class and number, and the experimenter's id: `0x8000.5`, `0xffff.42.0x4f4e4600`. */
  readonly id: string;
  readonly type: string;
  /** Bytes of the value: `4`, `any`. */
  readonly size: CatalogSize;
  /** The specification allows a mask. */
  readonly mask: boolean;
  /** The type of the key `option`: the value is an option of a tunnel. */
  readonly option?: string;
  /** Fields that must be in the same match: `ETH_TYPE=0x0800|0x86dd`. */
  readonly needs: readonly string[];
  /** First version that has it. */
  readonly since: Version;
  /** Other names that are read. */
  readonly also: readonly string[];
  /** A list with what it needs, in which it comes last. */
  readonly example: readonly { readonly [key: string]: unknown }[];
}

export interface CatalogTable extends CatalogNamed {
  readonly kind: "table";
  readonly tag: string;
  readonly cases: readonly CatalogTlv[];
}

/** A name of a value: what it stands for, with versions where that differs. */
export interface CatalogValue {
  readonly name: string;
  /** `5`, `0x100/0x300` (value and mask), `3 (1.0), 5 (1.1+)`. */
  readonly value: string;
  readonly versions: readonly Version[];
  readonly doc: string;
}

export interface CatalogValues extends CatalogNamed {
  readonly kind: "number" | "enum" | "flags";
  readonly values: readonly CatalogValue[];
  /** Names that are read and never printed, and what they stand for. */
  readonly also: Readonly<Record<string, string>>;
  /** Of numbers: bytes of the first of its words. */
  readonly bytes?: number;
}

/** Values whose names depend on another key. */
export interface CatalogCode extends CatalogNamed {
  readonly kind: "code";
  /** The entry of that other key. */
  readonly by: string;
  readonly values: Readonly<Record<string, readonly CatalogValue[]>>;
  readonly also: Readonly<Record<string, string>>;
}

export interface CatalogScalar extends CatalogNamed {
  readonly kind: "scalar";
  /** Of unsigned integers: bytes of the first of its words. */
  readonly bytes?: number;
  /** Names that are read and never printed, and the numbers they stand for. */
  readonly also?: Readonly<Record<string, string>>;
}

export type CatalogEntry =
  | CatalogMessage
  | CatalogStruct
  | CatalogUnion
  | CatalogTable
  | CatalogValues
  | CatalogCode
  | CatalogScalar;

/** Everything that the schemas say for people, in their order. */
export interface Catalog {
  readonly entries: readonly CatalogEntry[];
}
