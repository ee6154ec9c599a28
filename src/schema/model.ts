// The schema as typed definitions. Version maps are spread out: everything that may differ by version is an array indexed by wire version (1..6).
import type { RpcDefinition } from "./rpc-model.js";
import type { Place } from "./tree.js";

/** One value per wire version; index 0 is unused, undefined where a version has none. */
export type ByVersion<T> = readonly (T | undefined)[];

export const WIRE_VERSIONS: readonly number[] = [1, 2, 3, 4, 5, 6];

/** A meaning: the name of a definition, or a list of it. */
export interface TypeRef {
  readonly name: string;
  readonly list: boolean;
  readonly at: Place;
}

/** A default or constant: a text, the empty list, or the value of another key. */
export type Constant =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "empty" }
  | { readonly kind: "key"; readonly key: string };

export interface JsonField {
  readonly name: string;
  /** Undefined for a derived text. */
  readonly type: TypeRef | undefined;
  readonly default: Constant | undefined;
  readonly absent: Constant | undefined;
  readonly omit: "absent" | "empty" | { readonly sameAs: string } | undefined;
  /** Lowest wire version that prints the key. */
  readonly since: number;
  readonly ignorable: boolean;
  readonly by: string | undefined;
  readonly derived: { readonly fn: string; readonly arg: string } | undefined;
  /** The keys of the type stand among the keys of the struct. */
  readonly inline: boolean;
  /** The value is an Ethernet frame: the keys of packets tell what it holds, and it can be built from them. */
  readonly packet: boolean;
  /** Where that key is built from a packet, this one is by default the number of its bytes. */
  readonly sizeOf: string | undefined;
  readonly doc: string;
  readonly at: Place;
}

export type Width =
  | {
      readonly kind: "int";
      readonly bytes: 1 | 2 | 3 | 4 | 8;
      readonly shift: number;
      /** Bits of the value that the word takes; undefined: all of them. */
      readonly bits?: number;
    }
  | { readonly kind: "bytes"; readonly n: number | undefined }
  | { readonly kind: "chars"; readonly n: number }
  | { readonly kind: "list"; readonly item: 0 | 1 | 2 | 4 }
  /** `n` bytes, or all that is left; with `least`, that many bytes or more, which bytes 2 and 3 count. */
  | { readonly kind: "native"; readonly fn: string; readonly n: number | undefined; readonly least?: number }
  | { readonly kind: "wrap"; readonly case: string }
  /** An OXM header; `vars` say which bits of the field are meant: wire variables, or a number of bits. Without any, the field itself is. */
  | { readonly kind: "oxm_id"; readonly vars: readonly string[]; readonly packed: boolean }
  /** An OXM header and the packed bit range of that field; where the header is zero, a number of that many bytes. */
  | { readonly kind: "oxm_or"; readonly bytes: 2 | 4 }
  | { readonly kind: "struct" | "ids" | "oxm" | "oxm_match" | "oxs_stats" | "message" };

/** When a row is there: if these bits of a wire variable or of flags are set; or if enough bytes are left for it (`more`). */
export type When =
  | { readonly kind: "bits"; readonly variable: string; readonly bits: number }
  | { readonly kind: "more" };

export type Row =
  | {
      readonly kind: "field";
      readonly name: string;
      readonly width: Width;
      readonly residue: string | undefined;
      readonly copy: ReadonlyMap<string, string>;
      readonly move: ReadonlyMap<string, string>;
      readonly when: When | undefined;
      readonly at: Place;
    }
  | { readonly kind: "pad"; readonly n: number; readonly at: Place }
  | { readonly kind: "align"; readonly n: number; readonly ifMore: boolean; readonly at: Place }
  | {
      readonly kind: "length";
      readonly of: string | undefined;
      /** It counts the elements of that list, not its bytes. */
      readonly elements: boolean;
      readonly bytes: 1 | 2 | 4;
      readonly at: Place;
    }
  | {
      readonly kind: "variable";
      readonly name: string;
      readonly bytes: 1 | 2 | 3 | 4 | 8;
      readonly at: Place;
    }
  | {
      readonly kind: "tlvs";
      readonly union: string;
      /** Union case to "." or the key that gets its object. */
      readonly hoist: ReadonlyMap<string, string>;
      readonly always: readonly string[];
      readonly rest: string;
      readonly at: Place;
    }
  | {
      readonly kind: "inline";
      readonly width: "struct" | "oxm" | "message";
      /** An `oxm` may have a mask. */
      readonly mask: boolean;
      readonly at: Place;
    }
  | { readonly kind: "set"; readonly name: string; readonly value: Constant; readonly at: Place }
  | { readonly kind: "native"; readonly fn: string; readonly at: Place };

interface Named {
  readonly name: string;
  readonly doc: string;
  /** Section of the specification by wire version. */
  readonly spec: ByVersion<string>;
  readonly at: Place;
}

export type ScalarForm =
  | "uint"
  | "sint"
  | "mac"
  | "ipv4"
  | "ipv6"
  | "hex"
  | "chars"
  | "text"
  | "datapath"
  | "duration"
  | "version_bitmap"
  | "sub_field"
  | "field_id"
  | "field_or_uint";

export interface Scalar extends Named {
  readonly kind: "scalar";
  readonly form: ScalarForm;
  /** Values need no more than this many bits; undefined: as many as the width has. */
  readonly bits: number | undefined;
  readonly widths: readonly Width[];
  /** Names of values that are read, never printed. */
  readonly also: ReadonlyMap<string, number>;
  /** Bits by the names that `+a-b` and `a|b` have for them; read where the number is the value of a TLV. */
  readonly signs: ReadonlyMap<string, number>;
  /** Words for a value under a mask; read where the number is the value of a TLV. */
  readonly words: ReadonlyMap<string, FlagBits>;
}

export interface NumberDefinition extends Named {
  readonly kind: "number";
  readonly widths: ReadonlyMap<number, "as_is" | "sign_extend">;
  readonly names: ReadonlyMap<string, number>;
  readonly also: ReadonlyMap<string, string>;
  readonly docs: ReadonlyMap<string, string>;
}

export interface EnumDefinition extends Named {
  readonly kind: "enum";
  /** The experimenter in whose encoding of errors the values stand. */
  readonly vendor: number | undefined;
  readonly values: ReadonlyMap<string, ByVersion<number>>;
  readonly also: ReadonlyMap<string, string>;
  readonly docs: ReadonlyMap<string, string>;
}

export interface CodeDefinition extends Named {
  readonly kind: "code";
  readonly by: string;
  readonly values: ReadonlyMap<string, ReadonlyMap<string, ByVersion<number>>>;
  readonly also: ReadonlyMap<string, string>;
  readonly docs: ReadonlyMap<string, string>;
}

/** `mask` selects the bits, `value` is what they are when the name holds; a plain bit has value === mask. */
export interface FlagBits {
  readonly value: number;
  readonly mask: number;
}

export interface FlagsDefinition extends Named {
  readonly kind: "flags";
  readonly bits: ReadonlyMap<string, ByVersion<FlagBits>>;
  readonly also: ReadonlyMap<string, string>;
  readonly docs: ReadonlyMap<string, string>;
}

export interface Need {
  readonly field: string;
  readonly values: readonly number[] | undefined;
  /** The bits of `mask` count, and are those of `value`, in one of these. */
  readonly under: readonly FlagBits[] | undefined;
}

export interface TlvCase {
  readonly name: string;
  readonly oxmClass: number;
  readonly field: number;
  readonly experimenter: number | undefined;
  readonly type: TypeRef;
  readonly width: Width | undefined;
  readonly anyBytes: boolean;
  readonly mask: boolean;
  readonly needs: readonly Need[];
  /** Its value less `plus` is a value of that field, whose part it takes where others need that field. */
  readonly says: { readonly field: string; readonly plus: number } | undefined;
  readonly since: number;
  /** Its value is an option of a tunnel. Which one, the connection tells: a `type`, under this number. */
  readonly option: { readonly type: TypeRef; readonly number: number } | undefined;
  readonly doc: string;
  readonly at: Place;
}

export interface TlvTable extends Named {
  readonly kind: "tlv_table";
  readonly tag: string;
  readonly cases: readonly TlvCase[];
  readonly aliases: ReadonlyMap<string, string>;
  /** Beginnings of names that other programs have, and those of our names; the first that leads to a name counts. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
}

/** What struct, message, multipart and union case have in common: two halves that meet by field name. */
export interface Body {
  readonly json: readonly JsonField[];
  /** `json: [T]`: the body is an array. */
  readonly jsonList: TypeRef | undefined;
  readonly rows: ByVersion<readonly Row[]>;
  readonly size: ByVersion<number>;
}

export interface Struct extends Named, Body {
  readonly kind: "struct";
  readonly align: number;
  readonly multiple: number;
  /** The key that elements of a list get from encode when they lack it: the lowest number that no other one has. */
  readonly numbered: string | undefined;
}

/** The message that answers another one. */
export interface Reply {
  readonly name: string;
  /** The other side may also say nothing. */
  readonly maybe: boolean;
  readonly at: Place;
}

export interface Message extends Named, Body {
  readonly kind: "message";
  /** A native function that turns what people may write into the JSON of the rows. */
  readonly reads: string | undefined;
  /** Undefined: it is not answered. */
  readonly reply: Reply | undefined;
  /** `msg: optional`: encode takes a message without `msg` for one whose keys are all missing. */
  readonly optionalBody: boolean;
  /** `flow: yes`: encode takes a line of ovs-ofctl under `flow` in the place of `msg`. */
  readonly flow: boolean;
  /** Who has defined it: it is an EXPERIMENTER message, and `type` is its experimenter's. */
  readonly experimenter: number | undefined;
  readonly type: ByVersion<number>;
}

export interface Multipart extends Named, Body {
  readonly kind: "multipart";
  readonly optionalBody: boolean;
  readonly part: "request" | "reply";
  /** As of a Message; it is a multipart of type 0xffff then. */
  readonly experimenter: number | undefined;
  readonly type: ByVersion<number>;
}

/** Constants of newer JSON that spell an old case; `l4` chooses the field by IP protocol. */
export interface Spelling {
  readonly key: string;
  readonly value: string | ReadonlyMap<number, string>;
}

export interface UnionCase extends Named, Body {
  readonly type: ByVersion<readonly number[]>;
  readonly as: readonly Spelling[];
  readonly tagForm: string | undefined;
  /** Name of the struct that the body was taken from. */
  readonly struct: string | undefined;
}

export interface Union extends Named {
  readonly kind: "union";
  readonly tag: string;
  /** Words of the element header in wire order. */
  readonly header: readonly { readonly word: "type" | "length" | "pad"; readonly bytes: 1 | 2 | 3 | 4 }[];
  readonly path: readonly { readonly name: string; readonly bytes: 1 | 2 | 4 }[];
  readonly multiple: number;
  readonly align: number;
  readonly unknown: "hex" | "error";
  readonly common: Body | undefined;
  readonly cases: readonly UnionCase[];
}

export type Definition =
  | Scalar
  | NumberDefinition
  | EnumDefinition
  | CodeDefinition
  | FlagsDefinition
  | TlvTable
  | Union
  | Struct
  | Message
  | Multipart;

/** All definitions of the schema folder. */
export interface Model {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** The RPC interface; its names are none of the definitions'. */
  readonly rpc: ReadonlyMap<string, RpcDefinition>;
  /** Name of a definition to the schema file it stands in. */
  readonly files: ReadonlyMap<string, string>;
}
