// A recorded connection as a script: what we say, what the other side is to say, and what answers what.
import { frameTypeName, isReply, replyRule } from "../codec/decode.js";
import { peekType, peekXid } from "../wire/index.js";
import { type ChosenValue, chosenValues, identify, type Side } from "./chosen-values.js";
import { readMessage } from "./replay-message.js";

/** A message of a recording. */
export interface RecordedMessage {
  /** The whole message. */
  readonly bytes: Buffer;
  /** Who has sent it; one of two texts. */
  readonly sender: string;
  /** Milliseconds, from an arbitrary start. */
  readonly at: number;
}

/** A message of the script. */
export interface Step {
  /** Counts the messages of the connection from 1, also those that are not in the script. */
  readonly number: number;
  readonly bytes: Buffer;
  /** Name of its type. */
  readonly type: string;
  /** We send it; otherwise the other side does. */
  readonly ours: boolean;
  /** Milliseconds since the message before it. */
  readonly delay: number;
  /** The step that it answers, which is one of the other side: it has the same transaction id. */
  readonly answers: Step | undefined;
  /** Handles that the other side chooses in its message. */
  readonly chooses: readonly ChosenValue[];
  /** What the other side has chosen before, or at another place of the same message. */
  readonly repeats: readonly Repeated[];
}

/** A value that repeats what was chosen. */
export interface Repeated {
  readonly here: ChosenValue;
  /** The step in which it was chosen, and the value there. */
  readonly step: Step;
  readonly there: ChosenValue;
}

const ERROR = 1;
const ECHOES: ReadonlySet<string> = new Set(["ECHO_REQUEST", "ECHO_REPLY"]);

/** Types that only switches send, besides replies. */
const OF_SWITCHES: ReadonlySet<string> = new Set(["PACKET_IN", "PORT_STATUS", "FLOW_REMOVED"]);

/** The type of a message, for people and comparison. */
export function typeOf(bytes: Buffer): string {
  return frameTypeName(bytes, 0, bytes.length) ?? "_RAW_MESSAGE";
}

/** True for messages that are answered as they come, and not played: when they are sent depends on the time alone. */
function isEcho(type: string): boolean {
  return ECHOES.has(type);
}

/** Who of the senders is the switch, as the types of the messages tell; undefined where none does. */
export function findSwitch(messages: readonly RecordedMessage[]): string | undefined {
  const senders = new Set(messages.map(({ sender }) => sender));
  const other = (sender: string): string | undefined => [...senders].find((one) => one !== sender);
  for (const { bytes, sender } of messages) {
    const type = typeOf(bytes);
    if (isEcho(type)) continue;
    if (OF_SWITCHES.has(type) || type.endsWith("_REPLY")) return sender;
    if (type.endsWith("_REQUEST")) return other(sender) ?? `not ${sender}`;
  }
  return undefined;
}

/** Makes the script for one side. @param switchSide  sender of the messages of the switch */
export function makeScript(messages: readonly RecordedMessage[], switchSide: string, as: Side): Step[] {
  const steps: Step[] = [];
  // The latest message of each side by its transaction id.
  const latest = { ours: new Map<number, Step>(), theirs: new Map<number, Step>() };
  const link = makeLinker(as === "switch" ? "controller" : "switch");
  let before = messages[0]?.at ?? 0;
  for (const [i, { bytes, sender, at }] of messages.entries()) {
    const type = typeOf(bytes);
    if (isEcho(type)) continue;
    const isOurs = (sender === switchSide) === (as === "switch");
    const asked = (isOurs ? latest.theirs : latest.ours).get(peekXid(bytes));
    const answers = asked !== undefined && isAnswer(bytes, asked.bytes) ? asked : undefined;
    const step = link({ number: i + 1, bytes, type, ours: isOurs, delay: Math.max(0, at - before), answers });
    before = at;
    steps.push(step);
    (isOurs ? latest.ours : latest.theirs).set(peekXid(bytes), step);
  }
  return steps;
}

/** Makes the function that finds what each of the steps, one after the other, repeats of what the peer has chosen. */
function makeLinker(peer: Side): (step: Omit<Step, "chooses" | "repeats">) => Step {
  const chosen = new Map<string, Pick<Repeated, "step" | "there">>();
  return (step) => {
    const chooses: ChosenValue[] = [];
    const repeats: Repeated[] = [];
    const linked = { ...step, chooses, repeats };
    for (const here of chosenValues(readMessage(step.bytes) ?? {}, peer)) {
      // The transaction id of our header is a matter of `answers`.
      const isHeader = here.path.length === 1;
      if (step.ours && isHeader) continue;
      const id = identify(here);
      const before = chosen.get(id);
      if (before !== undefined && (step.ours || !here.isNew)) repeats.push({ here, ...before });
      else if (!step.ours) {
        if (here.kind.isHandle && !isHeader) chooses.push(here);
        chosen.set(id, { step: linked, there: here });
      }
    }
    return linked;
  };
}

function isAnswer(bytes: Buffer, asked: Buffer): boolean {
  if (peekType(bytes) === ERROR) return true;
  const rule = replyRule(asked);
  return rule !== undefined && isReply(bytes, rule);
}
