// The framings by name.
import type { Framing, FramingLimits } from "./framing.js";
import { binaryFraming } from "./framing-binary.js";
import { contentLengthFraming } from "./framing-content-length.js";
import { lineFraming, nulFraming } from "./framing-delimiter.js";

const FRAMINGS = {
  nul: nulFraming,
  binary: binaryFraming,
  line: lineFraming,
  "content-length": contentLengthFraming,
} as const satisfies Record<string, (limits: FramingLimits) => Framing>;

/** What a framing is called in options and endpoints. */
export type FramingName = keyof typeof FRAMINGS;

/** All framings, by name. */
export const FRAMING_NAMES: readonly FramingName[] = ["nul", "binary", "line", "content-length"];

/** Makes a framing for one connection. */
export function makeFraming(name: FramingName, limits: FramingLimits): Framing {
  return FRAMINGS[name](limits);
}
