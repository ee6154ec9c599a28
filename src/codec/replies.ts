// Which message answers which: known from the schema, and from the layout of multiparts.
import { HEADER_LENGTH, u16 } from "../wire/index.js";
import { multipartRequestType } from "./decode.js";
import { answers } from "./gen/decode/index.js";

/** What answers a request. */
export interface ReplyRule {
  /** Type in the header of the reply. */
  readonly type: number;
  /** Type of the multipart; other messages have none. */
  readonly part?: number;
  /** False: the switch may also say nothing. */
  readonly sure: boolean;
}

/**
 * What answers a frame; undefined for messages that are not answered, or of which nobody knows.
 * @param request  a whole frame
 */
export function replyRule(request: Uint8Array): ReplyRule | undefined {
  const version = request[0]!;
  const type = request[1]!;
  if (type === multipartRequestType(version)) {
    return { type: type + 1, part: u16(request, HEADER_LENGTH), sure: true };
  }
  return answers[version]?.get(type);
}

/** Whether a frame, whatever its transaction id, is what the rule says. */
export function isReply(frame: Uint8Array, rule: ReplyRule): boolean {
  if (frame[1] !== rule.type) return false;
  return (
    rule.part === undefined || (frame.length >= HEADER_LENGTH + 4 && u16(frame, HEADER_LENGTH) === rule.part)
  );
}

/** The flag MORE of a multipart message (OF 1.3.5 §7.3.5). */
const MORE = 1;

/** An ERROR answers anything; its number is the same in all versions. */
const ERROR = 1;

/** By wire version: the types that may answer others, and those of them that ask for nothing themselves. */
interface AnswerTypes {
  readonly all: ReadonlySet<number>;
  readonly only: ReadonlySet<number>;
}

let answerTypes: readonly AnswerTypes[] | undefined;

function answerTypesOf(version: number): AnswerTypes | undefined {
  answerTypes ??= answers.map((table, v) => {
    const all = new Set([ERROR, multipartRequestType(v) + 1]);
    for (const { type } of table.values()) all.add(type);
    return { all, only: new Set([...all].filter((type) => !table.has(type))) };
  });
  return answerTypes[version];
}

/** Whether a frame may be the answer to another. */
export function mayAnswer(frame: Uint8Array): boolean {
  return answerTypesOf(frame[0]!)?.all.has(frame[1]!) === true;
}

/** Whether a frame can be nothing but the answer to another. */
export function onlyAnswers(frame: Uint8Array): boolean {
  return answerTypesOf(frame[0]!)?.only.has(frame[1]!) === true;
}

/** False for a part of a multipart reply that others follow. */
export function isLastPart(frame: Uint8Array): boolean {
  const isPart = frame[1] === multipartRequestType(frame[0]!) + 1;
  return !isPart || frame.length < HEADER_LENGTH + 4 || (u16(frame, HEADER_LENGTH + 2) & MORE) === 0;
}

/** Whether further parts follow. @param frame  for which `isReply` holds */
export function hasMore(frame: Uint8Array, rule: ReplyRule): boolean {
  return rule.part !== undefined && (u16(frame, HEADER_LENGTH + 2) & MORE) !== 0;
}
