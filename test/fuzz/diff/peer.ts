/** Programs that read OpenFlow, as the differential fuzzer sees them. */
import { DecodeError } from "../../../src/base/index.js";
import { decode } from "../../conformance/codec.js";
import type { Difference } from "../../conformance/differences.js";
import type { KnownDifferences, Subject } from "../../conformance/known-differences.js";
import { type Site, WalkError, walk } from "../walk.js";
import type { Trial } from "./frames.js";

/** One of them. */
export interface Peer {
  readonly name: string;
  /** Rules for where it is meant to differ. */
  readonly known: KnownDifferences;
  /** Compares what it makes of each frame with what ours does. */
  compare(trials: readonly Trial[]): readonly Comparison[];
  /** Looks for what speaks for ours; for each in their order. */
  prove?(open: readonly Open[]): readonly (readonly string[])[];
}

/** A difference that no rule covers without a proof. */
export interface Open {
  readonly comparison: Comparison;
  readonly difference: Difference;
}

/** What was compared: a frame, or a text that was made from it. */
export interface Comparison {
  readonly subject: Subject;
  /** Frame or text, as a person can feed it to both programs. */
  readonly input: string;
  /** JSON text of a frame, or frame of a text as hex; absent where the program refused the input. */
  readonly theirs?: string;
  readonly ours?: string;
  readonly outcome: Outcome;
  readonly differences: readonly Difference[];
}

/** How a comparison went: both read it, one or both refused it, or the other program did not survive it or said nothing. */
export type Outcome = "both read" | "both refused" | "one refused" | "died" | "silent";

/** What ours says of a frame: the JSON text, or why not. Errors that are no DecodeError pass. */
export function ask(frame: Buffer): { readonly json: string } | { readonly refused: string } {
  try {
    return { json: decode(frame) };
  } catch (error) {
    if (error instanceof DecodeError) return { refused: error.message };
    throw error;
  }
}

/** What rules may ask of a frame. `source` is `whole` or `damaged`; the type is `?` where nobody could read the frame. Parts are words of walk.ts. */
export function subjectOf({ frame, isDamaged }: Trial, type: string | undefined): Subject {
  return {
    kind: "message",
    version: frame[0] as number,
    type: type ?? "?",
    source: isDamaged ? "damaged" : "whole",
    parts: () => partsOf(frame),
  };
}

/** The type of a message from its JSON text. */
export function typeIn(json: string): string | undefined {
  return /^\{"type":"(\w+)"/.exec(json)?.[1];
}

/** The wire version in a JSON text. */
export function versionIn(json: string): number {
  return Number(/"version":(\d+)/.exec(json)?.[1]);
}

/** The names of the words of a frame; none where it is damaged so much that it cannot be walked. */
export function partsOf(frame: Buffer): readonly string[] {
  return sitesOf(frame).map(({ name }) => name);
}

/** The words of a frame; none where it is damaged so much that it cannot be walked. */
export function sitesOf(frame: Buffer): readonly Site[] {
  try {
    return walk(frame);
  } catch (error) {
    if (error instanceof WalkError) return [];
    throw error;
  }
}
