/** Frames for comparing programs: messages that the schema allows, some of them damaged. */
import fc from "fast-check";
import { messageKinds, messageOf } from "../../codec/arbitrary.js";
import { checkReturned } from "../../codec/returned.js";
import { encodeJson, printExact } from "../../codec/support.js";
import { damaged } from "../damage-frame.js";
import { chooseFrames } from "../pool.js";
import { tamed } from "./tame.js";

/** A frame that programs are asked about. Its transaction id is its place in the list that it is in. */
export interface Trial {
  readonly frame: Buffer;
  readonly isDamaged: boolean;
}

const pool = chooseFrames(1).map(({ frame }) => frame);

/** Messages that can say the most, a quarter of all. */
const RICH = /^(FLOW_MOD|GROUP_MOD|GROUP_DESC_REPLY|FLOW_DESC_REPLY|METER_MOD|PACKET_IN|PACKET_OUT|ERROR)$/;

const kinds = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...messageKinds) },
  fc.constantFrom(...messageKinds.filter(({ name }) => RICH.test(name))),
);

/** Whole frames: those of messages that must come back, and as many of their tame forms. */
const wholeFrame = fc.tuple(kinds, fc.boolean()).chain(([kind, isTame]) =>
  messageOf(kind).map((message) => {
    if (!isTame) return checkReturned(message);
    return Buffer.from(encodeJson(printExact(tamed(message, kind.version)), { unchecked: true }), "hex");
  }),
);

/**
 * Frames by chance, the same for the same seed.
 * @param share  of them that is damaged, 0 to 1
 */
export function makeTrials(seed: number, count: number, share: number): Trial[] {
  const broken = Math.round(count * share);
  const whole = fc.sample(wholeFrame, { seed, numRuns: count - broken });
  const trials = [
    ...whole.map((frame) => ({ frame, isDamaged: false })),
    ...fc
      .sample(damaged([...pool, ...whole]), { seed, numRuns: broken })
      .map((frame) => ({ frame, isDamaged: true })),
  ];
  return trials.map(({ frame, isDamaged }, index) => {
    const copy = Buffer.from(frame);
    copy.writeUInt32BE(index, 4);
    return { frame: copy, isDamaged };
  });
}
