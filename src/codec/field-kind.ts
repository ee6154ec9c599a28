// What generated tables say of a match field.

import type { FieldSymbols } from "./field-symbols.js";

/** Bits that count, and what they are. */
export interface MaskedBits {
  readonly value: number;
  readonly mask: number;
}

/** A prerequisite: `kind` is there, and has one of these values, or one of these under its mask. */
export interface FieldNeed {
  /** Index of the needed field in its table. */
  readonly kind: number;
  readonly values?: readonly number[];
  readonly under?: readonly MaskedBits[];
  /** Other fields that may meet it: their value less `plus` is that of the needed field. */
  readonly or?: readonly { readonly kind: number; readonly plus: number }[];
}

/** One field of a TLV table. */
export interface FieldKind {
  readonly name: string;
  /** class << 16 | field << 9: the OXM header without mask bit and length. */
  readonly header: number;
  /** The experimenter of class 0xffff, else 0. */
  readonly experimenter: number;
  /** First wire version that specifies the field; 1 where the table does not say. */
  readonly since: number;
  /** Bytes of the value; -1 when any number is allowed. */
  readonly size: number;
  /** How the value is stored: which case of the table's generated switch; -1 for hex data. */
  readonly form: number;
  /** The value is an IP address, whose mask may be a prefix. */
  readonly ip?: true;
  /** Words that are read instead of numbers. */
  readonly symbols?: FieldSymbols;
  /** Its value is an option of a tunnel: the one that the connection's table has under this number. */
  readonly option?: number;
  readonly needs: readonly FieldNeed[];
}
