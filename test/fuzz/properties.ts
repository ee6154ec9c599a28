/** What must hold for arbitrary frames, messages and texts: a few runs of each in `npm test`, many in `npm run fuzz`. */
import fc from "fast-check";
import { EncodeError, parsePath } from "../../src/base/index.js";
import { type EncodeOptions, encodeJsonText, MessageWriter } from "../../src/codec/encode.js";
import { messageKinds, messageOf } from "../codec/arbitrary.js";
import { checkReturned } from "../codec/returned.js";
import { parseExact, printExact } from "../codec/support.js";
import { damaged, random } from "./damage-frame.js";
import { damagedText, hostileText } from "./damage-text.js";
import { operate, operations } from "./damage-value.js";
import { checkFrame, Finding } from "./oracle.js";
import { chooseFrames } from "./pool.js";
import { decoded } from "./seeds.js";
import { sweep } from "./sweep.js";
import { checkText, FORMS } from "./text-oracle.js";
import { walk } from "./walk.js";

/** One of them. */
export interface FuzzProperty {
  /** What is said of the inputs; also what `--only` takes. */
  readonly name: string;
  /** Runs in `npm test`. */
  readonly runs: number;
  readonly property: fc.IProperty<unknown>;
}

const frames = chooseFrames(1).map(({ frame }) => frame);
const texts = frames.flatMap((frame) => decoded(frame) ?? []);
const writer = new MessageWriter();
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const anyMessage = fc.constantFrom(...messageKinds).chain((kind) => messageOf(kind));

/** Makes a property of a check that throws. */
function check<T>(
  name: string,
  runs: number,
  inputs: fc.Arbitrary<T>,
  demand: (input: T) => void,
): FuzzProperty {
  return { name, runs, property: fc.property(inputs, demand) as fc.IProperty<unknown> };
}

export const properties: readonly FuzzProperty[] = [
  check("bytes of any kind decode and come back, or are refused", 3000, random, (frame) => {
    checkFrame(frame);
  }),
  check("damaged frames decode and come back, or are refused", 6000, damaged(frames), (frame) => {
    checkFrame(frame);
  }),
  check(
    "messages that the schema allows come back, byte for byte and key for key",
    500,
    anyMessage,
    (message) => {
      checkFrame(checkReturned(message));
    },
  ),
  check(
    "messages that the schema allows may have any value in one of their words",
    100,
    fc.tuple(anyMessage, place),
    ([message, at]) => {
      const frame = checkReturned(message);
      const sites = walk(frame);
      const site = sites[Math.floor(at * sites.length)];
      if (site) for (const changed of sweep(frame, site, true)) checkFrame(changed);
    },
  ),
  check(
    "damaged JSON encodes to a frame that comes back, or is refused at a place that exists",
    6000,
    fc.tuple(fc.constantFrom(...texts), operations, fc.boolean()),
    ([text, changes, unchecked]) => {
      const json = JSON.parse(text) as unknown;
      operate(json, changes);
      checkEncoding(JSON.stringify(json), { unchecked });
    },
  ),
  check(
    "messages of one version encode for another, or are refused at a place that exists",
    3000,
    fc.tuple(
      fc.oneof(fc.constantFrom(...texts), anyMessage.map(printExact)),
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
    ),
    ([text, version, unchecked]) => {
      checkEncoding(printExact({ ...(parseExact(text) as object), version }), { unchecked });
    },
  ),
  check("JSON that is no message is refused", 500, fc.jsonValue(), (json) => {
    if (checkEncoding(JSON.stringify(json), { version: 4 })) throw new Error("it was encoded");
  }),
  check(
    "damaged texts encode, or are refused with line and column",
    500,
    fc.tuple(damagedText, fc.constantFrom(...FORMS), place),
    ([text, form, cut]) => checkText(text, form, cut),
  ),
  check(
    "texts that are made to hurt are refused within a moment",
    40,
    fc.tuple(hostileText, fc.constantFrom(...FORMS), place),
    ([text, form, cut]) => checkText(text, form, cut),
  ),
];

/** Encodes a JSON text; the frame must come back, an error must say where. Returns whether it was encoded. */
function checkEncoding(json: string, options: EncodeOptions): boolean {
  writer.reset();
  try {
    encodeJsonText(json, writer, options);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    checkPlace(JSON.parse(json), error);
    return false;
  }
  const frame = writer.copy();
  if (!checkFrame(frame)) throw new Finding(`encoded to what is refused: ${json}`, frame);
  return true;
}

/** The path of an error must lead to something that is there, but for its last step. */
function checkPlace(json: unknown, error: EncodeError): void {
  let node = json;
  for (const part of parsePath(error.path).slice(0, -1)) {
    const inner = typeof node === "object" && node !== null && Object.hasOwn(node, part);
    if (!inner) throw new Error(`the error names a place that does not exist: ${error.message}`);
    node = (node as Record<string | number, unknown>)[part];
  }
}
