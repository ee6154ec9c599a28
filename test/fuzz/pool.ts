/** Frames that between them have every word that the schema knows: fixtures, seeds, and arbitrary messages of each type and version. */
import fc from "fast-check";
import { parseVersionRange } from "../../src/base/index.js";
import { actionOf, fieldOf, messageKinds, messageOf } from "../codec/arbitrary.js";
import { encodeJson, printExact } from "../codec/support.js";
import { actionFixtures, fixtures } from "../fixtures/fixtures.js";
import { expectedSites } from "./expected-sites.js";
import { seeds } from "./seeds.js";
import { type Site, WalkError, walk } from "./walk.js";

/** A frame and its words. */
export interface Walked {
  readonly frame: Buffer;
  readonly sites: readonly Site[];
}

/** Arbitrary messages per type and version to choose from. */
const SAMPLES = 40;

/** Chooses frames so that each adds a word that no other has. */
export function chooseFrames(seed: number): readonly Walked[] {
  const choice = new Choice();
  for (const { bytes } of fixtures) choice.offer(bytes);
  for (const frame of seeds) choice.offer(frame);
  for (const version of [2, 3]) choice.offer(helloWithElements(version));
  for (const { version, json } of actionFixtures)
    for (const wire of parseVersionRange(version) ?? []) choice.offer(frameOf(withAction(wire, json)));
  for (const kind of messageKinds) {
    for (const value of fc.sample(messageOf(kind), { seed, numRuns: SAMPLES })) choice.offer(frameOf(value));
  }
  // What chance has not brought: fields and actions, of which there are most.
  for (const name of expectedSites()) {
    const [, part, one = "", version] = /^(Field|Action)\.(\w+)\.\$length@(\d)$/.exec(name) ?? [];
    if (part === undefined || one === "unknown" || choice.has(name)) continue;
    const [value] = fc.sample((part === "Field" ? fieldOf : actionOf)(one, Number(version)), {
      seed,
      numRuns: 1,
    });
    const action = part === "Field" ? { action: "NX_REG_LOAD2", ...(value as object) } : value;
    choice.offer(frameOf(withAction(Number(version), action)));
  }
  return choice.frames;
}

/** A message with one action. */
function withAction(version: number, action: unknown): unknown {
  const msg = { buffer_id: "NO_BUFFER", in_port: "CONTROLLER", actions: [action], data: "" };
  return { type: "PACKET_OUT", version, msg };
}

/** Frames, and the words that they have. */
class Choice {
  readonly frames: Walked[] = [];
  readonly #covered = new Set<string>();

  has(name: string): boolean {
    return this.#covered.has(name);
  }

  offer(frame: Buffer): void {
    const sites = sitesOf(frame);
    const names = sites.map(({ name }) => `${name}@${frame[0]}`);
    if (names.every((name) => this.#covered.has(name))) return;
    for (const name of names) this.#covered.add(name);
    this.frames.push({ frame, sites });
  }
}

/** None for a frame that leads nowhere: fixtures have some. */
function sitesOf(frame: Buffer): readonly Site[] {
  try {
    return walk(frame);
  } catch (error) {
    if (error instanceof WalkError) return [];
    throw error;
  }
}

function frameOf(value: unknown): Buffer {
  return Buffer.from(encodeJson(printExact(value), { unchecked: true }), "hex");
}

/** Elements came with 1.3; those of older versions are kept. */
function helloWithElements(version: number): Buffer {
  return Buffer.from([version, 0, 0, 16, 0, 0, 0, 1, 0, 1, 0, 8, 0, 0, 0, 0x12]);
}
