// A recorded connection as a script: what we say, what the other side is to say, and what answers what.
import { frameTypeName, isReply, replyRule } from "../codec/decode.js";
import { peekType, peekXid } from "../wire/index.js";

/** A side of an OpenFlow connection. */
export type Side = "switch" | "controller";

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

/** Makes the script for one side. @param ours  sender of the messages that we play */
export function makeScript(messages: readonly RecordedMessage[], ours: string): Step[] {
  const steps: Step[] = [];
  // The latest message of each side by its transaction id.
  const latest = { ours: new Map<number, Step>(), theirs: new Map<number, Step>() };
  let before = messages[0]?.at ?? 0;
  for (const [i, { bytes, sender, at }] of messages.entries()) {
    const type = typeOf(bytes);
    if (isEcho(type)) continue;
    const isOurs = sender === ours;
    const asked = (isOurs ? latest.theirs : latest.ours).get(peekXid(bytes));
    const answers = asked !== undefined && isAnswer(bytes, asked.bytes) ? asked : undefined;
    const step = { number: i + 1, bytes, type, ours: isOurs, delay: Math.max(0, at - before), answers };
    before = at;
    steps.push(step);
    (isOurs ? latest.ours : latest.theirs).set(peekXid(bytes), step);
  }
  return steps;
}

function isAnswer(bytes: Buffer, asked: Buffer): boolean {
  if (peekType(bytes) === ERROR) return true;
  const rule = replyRule(asked);
  return rule !== undefined && isReply(bytes, rule);
}
