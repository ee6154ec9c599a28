/** Messages in messages, to which the rules for messages of their own type and version apply. */
import { parseExact } from "../../codec/support.js";
import { type Difference, pathOf } from "../../conformance/differences.js";
import type { Subject } from "../../conformance/known-differences.js";
import { childAt } from "./graft.js";
import type { Comparison } from "./peer.js";

/** A difference, and the message that it is in. */
export interface View {
  readonly subject: Subject;
  readonly difference: Difference;
}

/** A difference as one of the innermost message that its place is in; undefined where that is the whole message. */
export function innerView(comparison: Comparison, difference: Difference): View | undefined {
  const { subject, input, theirs = "" } = comparison;
  const { at } = difference;
  if (at === undefined) return undefined;
  const whole = parseExact(subject.kind === "encode" ? input : theirs);
  for (let n = at.length - 1; n > 0; n--) {
    const inner = childAt(whole, at.slice(0, n));
    if (!isMessage(inner)) continue;
    const { type, version } = inner;
    const outer = `${pathOf(whole, at.slice(0, n))}.`;
    const path = difference.path.startsWith(outer) ? difference.path.slice(outer.length) : difference.path;
    return { subject: { ...subject, type, version }, difference: { ...difference, path } };
  }
  return undefined;
}

/** Whether a value of a JSON text is a message. */
export function isMessage(value: unknown): value is { readonly type: string; readonly version: number } {
  if (typeof value !== "object" || value === null) return false;
  const { type, version } = value as { readonly type?: unknown; readonly version?: unknown };
  return typeof type === "string" && typeof version === "number";
}
