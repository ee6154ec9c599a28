// Which message answers which: known from the schema, and from the layout of multiparts.
import { HEADER_LENGTH, u16 } from "../wire/index.js";
import { multipartRequestType } from "./decode.js";
import { answers } from "./gen/decode/index.js";

/** What answers a request. */
export interface ReplyRule {
  /** Type in the header of the reply. */
  readonly type: number;
  /** Type of the multipart; undefined for other messages. */
  readonly part: number | undefined;
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
  const answer = answers[version]?.get(type);
  return answer === undefined ? undefined : { ...answer, part: undefined };
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

/** Whether further parts follow. @param frame  for which `isReply` holds */
export function hasMore(frame: Uint8Array, rule: ReplyRule): boolean {
  return rule.part !== undefined && (u16(frame, HEADER_LENGTH + 2) & MORE) !== 0;
}
