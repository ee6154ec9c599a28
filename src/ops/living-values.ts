// What the living peer has chosen, written into messages of the recording.
import { EncodeError } from "../base/index.js";
import { formatHex } from "../text/index.js";
import { peekXid, putU32 } from "../wire/index.js";
import { type ChosenValue, chosenValues, isCounterpart, ownerOf, type Side } from "./chosen-values.js";
import type { Adapt } from "./replay-difference.js";
import { isObject, type JsonObject, readMessage, writeMessage } from "./replay-message.js";
import type { Step } from "./replay-script.js";

/** The message of the living connection in the place of a recorded one; undefined where there is none. */
export type Living = (step: Step) => Buffer | undefined;

/** Makes the function that writes into a recorded message of the peer what the living one rightly has in its place: handles, and what it repeats. */
export function adaptTo(step: Step, peer: Side, living: Living): Adapt | undefined {
  const { chooses, repeats } = step;
  if (chooses.length === 0 && repeats.length === 0 && !isRefusal(step)) return undefined;
  return (recorded, now) => {
    const before = JSON.stringify(recorded);
    for (const here of chooses) repeat(recorded, here, now, here, peer);
    for (const { here, step: origin, there } of repeats) {
      // What did not come cannot be repeated: then anything is right.
      const source = origin === step ? now : read(living(origin));
      if (source === undefined) repeat(recorded, here, now, here, peer);
      else repeat(recorded, here, source, there, peer);
    }
    repeatRefused(recorded, step, living);
    return JSON.stringify(recorded) !== before;
  };
}

/** Our message to the living peer, or the step without which it cannot be made. */
export function livingMessage(step: Step, peer: Side, living: Living): Buffer | Step {
  const asked = step.answers === undefined ? undefined : living(step.answers);
  if (step.answers !== undefined && asked === undefined) return step.answers;
  let bytes: Buffer = Buffer.from(step.bytes);
  const message = step.repeats.length === 0 && !isRefusal(step) ? undefined : readMessage(bytes);
  if (message !== undefined) {
    const before = JSON.stringify(message);
    for (const { here, step: origin, there } of step.repeats) {
      const source = read(living(origin));
      const isDone =
        source !== undefined &&
        (repeat(message, here, source, there, peer) || unbuffer(message, here, source));
      if (!isDone) return origin;
    }
    repeatRefused(message, step, living);
    if (JSON.stringify(message) !== before) {
      try {
        bytes = writeMessage(message);
      } catch (error) {
        // A continuation or a packet may be longer than the recorded one: too long for this message.
        const origin = step.repeats.at(-1)?.step;
        if (!(error instanceof EncodeError) || origin === undefined) throw error;
        return origin;
      }
    }
  }
  if (asked !== undefined) putU32(bytes, 4, peekXid(asked));
  return bytes;
}

function read(bytes: Buffer | undefined): JsonObject | undefined {
  return bytes && readMessage(bytes);
}

/** Writes the value that stands for `there` in `source` in the place of `here`; false where there is none. */
function repeat(
  message: JsonObject,
  here: ChosenValue,
  source: JsonObject,
  there: ChosenValue,
  by: Side,
): boolean {
  const owner = ownerOf(message, here.path);
  const key = here.path.at(-1) as string;
  if (owner === undefined) return false;
  for (const one of chosenValues(source, by)) {
    if (!isCounterpart(one, there)) continue;
    owner[key] = one.value;
    return true;
  }
  return false;
}

/** For a packet that the living switch has not kept: all of it is in its message, and goes back with a PACKET_OUT. */
function unbuffer(message: JsonObject, { path }: ChosenValue, { msg }: JsonObject): boolean {
  const owner = ownerOf(message, path);
  if (owner === undefined || path.at(-1) !== "buffer_id" || !isObject(msg)) return false;
  owner.buffer_id = "NO_BUFFER";
  if ("data" in owner) owner.data = msg.data;
  return true;
}

function isRefusal({ type, answers }: Step): boolean {
  return type === "ERROR" && answers !== undefined;
}

/** An ERROR has the beginning of the message that it is about. */
function repeatRefused(message: JsonObject, step: Step, living: Living): void {
  const asked = step.answers;
  const actual = asked && living(asked);
  if (!isRefusal(step) || asked === undefined || actual === undefined || !isObject(message.msg)) return;
  const { data } = message.msg;
  if (typeof data === "string" && formatHex(asked.bytes).startsWith(data))
    message.msg.data = formatHex(actual).slice(0, data.length);
}
