// What is known of a message's exchange, as the JSON text of its key `_pair`.
import type { Meaning } from "./brief.js";
import { frameBrief } from "./frame-brief.js";
import type { Covered, Paired } from "./pairing.js";

/** Messages that the reply of a barrier lists, at most. */
const MOST_COVERED = 100;

/** The value of `_pair`: the message's number, and of an answer what it answers. */
export function pairText({ number, answer }: Paired, meaning: Meaning): string {
  const members = [`"number":${number}`];
  if (answer !== undefined) {
    const { request, latency, part, last, error, covers } = answer;
    members.push(`"request":${request.number}`, `"request_type":${JSON.stringify(request.type)}`);
    if (latency !== undefined) members.push(`"latency":${seconds(latency)}`);
    if (part > 1 || !last) members.push(last ? `"parts":${part}` : `"part":${part}`);
    if (error !== undefined)
      members.push(...errorMembers(request.frame, meaning(error.type, error.code), meaning));
    if (covers.length > 0)
      members.push(`"covers":[${covers.slice(0, MOST_COVERED).map(coveredText).join(",")}]`);
    if (covers.length > MOST_COVERED) members.push(`"covers_more":${covers.length - MOST_COVERED}`);
  }
  return `{${members.join(",")}}`;
}

/** Nanoseconds as seconds, with all nine decimals: `0.000123456`. */
export function seconds(nanoseconds: number): string {
  const digits = String(Math.abs(nanoseconds)).padStart(10, "0");
  return `${nanoseconds < 0 ? "-" : ""}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** @param frame  the bytes of the message that the ERROR is about, as characters */
function errorMembers(frame: string | undefined, sentence: string, meaning: Meaning): string[] {
  const about = frame === undefined ? undefined : frameBrief(Buffer.from(frame, "latin1"), meaning);
  return [
    ...(sentence === "" ? [] : [`"meaning":${JSON.stringify(sentence)}`]),
    ...(about === undefined ? [] : [`"about":${JSON.stringify(about)}`]),
  ];
}

function coveredText({ sent, latency }: Covered): string {
  const { number, type, xid, failed } = sent;
  return JSON.stringify({ number, type, xid }).replace(
    /\}$/,
    `${latency === undefined ? "" : `,"latency":${seconds(latency)}`}${
      failed === undefined ? "" : `,"error":${JSON.stringify(failed)}`
    }}`,
  );
}
