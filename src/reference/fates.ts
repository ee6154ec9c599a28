// What becomes of each part of a message when it is encoded for a version that has it, has it otherwise, or lacks it.
import { ALL_VERSIONS, type Version } from "../base/index.js";
import type { CatalogBody, CatalogCase, CatalogField, CatalogTlv, CatalogUnion } from "../codec/catalog.js";
import { encodeMessage, MessageWriter } from "../codec/encode.js";

/** What encoding for one version does. */
export type Fate =
  /** The part is written. */
  | { readonly kind: "yes" }
  /** Written in another form, which decoding shows as this part again. */
  | { readonly kind: "as"; readonly form: string }
  /** A match field: written, with masks as `mask` says, perhaps before its specification has it. */
  | {
      readonly kind: "match";
      readonly mask: "" | "mask" | "prefix mask" | "mask 0x1000";
      readonly later: boolean;
    }
  /** Left out. */
  | { readonly kind: "dropped" }
  /** Nothing to write it to; one value says just that and is taken, all others are errors. */
  | { readonly kind: "only"; readonly value: string }
  | { readonly kind: "error" }
  /** What the part belongs to is not in this version. */
  | { readonly kind: "none" };

/** Fates in OpenFlow 1.0 to 1.5, in this order. */
export type Fates = readonly Fate[];

const YES: Fate = { kind: "yes" };
const ERROR: Fate = { kind: "error" };

/** Of something that is simply there or not. */
export function plainFates(versions: readonly Version[]): Fates {
  return ALL_VERSIONS.map((v) => (versions.includes(v) ? YES : ERROR));
}

/** Of a key of an object. */
export function keyFates(field: CatalogField, body: CatalogBody): Fates {
  return ALL_VERSIONS.map((v) => {
    if (!body.versions.includes(v)) return { kind: "none" };
    if (field.carried === undefined || field.carried.includes(v)) return YES;
    if (field.ignorable) return { kind: "dropped" };
    const only = field.only?.find(({ versions }) => versions.includes(v));
    return only === undefined ? ERROR : { kind: "only", value: only.value };
  });
}

/** Of a case of a union. */
export function caseFates(union: CatalogUnion, c: CatalogCase): Fates {
  return ALL_VERSIONS.map((v) => {
    if (c.body.versions.includes(v)) return YES;
    const older = c.older?.find((o) => o.field === undefined && o.versions.includes(v));
    if (older !== undefined) return { kind: "as", form: older.name };
    if (c.versions.includes(v)) return { kind: "as", form: "a bare list of actions" };
    const isPartly = c.older?.some((o) => o.field !== undefined && o.versions.includes(v)) ?? false;
    if (isPartly) return { kind: "as", form: `one of several ${union.name.toLowerCase()}s, by field` };
    return ERROR;
  });
}

/** Of a case for one field: SET_FIELD of ETH_SRC is SET_DL_SRC in OpenFlow 1.0. */
export function setFieldFates(c: CatalogCase, field: CatalogTlv): Fates {
  return ALL_VERSIONS.map((v) => {
    if (c.body.versions.includes(v)) return YES;
    const older = c.older?.find((o) => o.versions.includes(v) && o.field?.split(", ").includes(field.name));
    return older === undefined ? ERROR : { kind: "as", form: older.name };
  });
}

/** From this wire version on a match is a list of TLVs, which can have any field. */
const FIRST_WITH_TLVS: Version = 3;

/** Of a field in a match. The matches of old versions have a fixed form; the encoder is asked what they can say. */
export function matchFates(field: CatalogTlv): Fates {
  return ALL_VERSIONS.map((v) => {
    if (v >= FIRST_WITH_TLVS)
      return { kind: "match", mask: field.mask ? "mask" : "", later: v < field.since };
    if (!canMatch(field, v)) return ERROR;
    const masks = field.mask ? (MASKS[field.type] ?? []) : [];
    const found = masks.find(({ mask }) => canMatch(field, v, mask));
    return { kind: "match", mask: found?.name ?? "", later: false };
  });
}

interface Mask {
  readonly name: "mask" | "prefix mask" | "mask 0x1000";
  readonly mask: unknown;
}

/** Masks to try, from one that needs full support down. */
const MASKS: Readonly<Record<string, readonly Mask[]>> = {
  MacAddress: [{ name: "mask", mask: "00:00:00:00:00:01" }],
  IPv4Address: [
    { name: "mask", mask: "0.0.0.1" },
    { name: "prefix mask", mask: "255.255.255.0" },
  ],
  VlanNumber: [
    { name: "mask", mask: 0x1001 },
    { name: "mask 0x1000", mask: 0x1000 },
  ],
  UInt64: [{ name: "mask", mask: 1 }],
};

const writer = new MessageWriter();

function canMatch(field: CatalogTlv, version: Version, mask?: unknown): boolean {
  const needed = field.example.slice(0, -1);
  const last = { ...field.example.at(-1), mask };
  if (mask === undefined) delete last.mask;
  const msg = { table_id: 0, command: "ADD", match: [...needed, last] };
  try {
    writer.reset();
    encodeMessage({ type: "FLOW_MOD", version, msg }, writer, {});
    return true;
  } catch {
    return false;
  }
}

/** Versions whose matches can have a field and whose specification knows it. */
export function fieldVersions(field: CatalogTlv): Version[] {
  return matchFates(field).flatMap((fate, i) =>
    fate.kind === "match" && !fate.later ? [(i + 1) as Version] : [],
  );
}

/** True when all versions do the same. */
export function isSame(fates: Fates): boolean {
  return new Set(fates.map(formatFate)).size === 1;
}

/** A cell of a table. */
export function formatFate(fate: Fate): string {
  switch (fate.kind) {
    case "as":
      return `as ${fate.form}`;
    case "match": {
      return `${fate.later ? "later" : "yes"}${fate.mask === "" ? "" : `, ${fate.mask}`}`;
    }
    case "only":
      return `only ${fate.value}`;
    case "none":
      return "–";
    default:
      return fate.kind;
  }
}
