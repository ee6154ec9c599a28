/** What `oftr replay` says of differences. */
import { cutText, DecodeError } from "../base/index.js";
import { decodeToText } from "../codec/decode.js";
import type { ReplayDifference, ReplayResult } from "../ops/index.js";
import { formatHex } from "../text/index.js";

/** Most characters of a value that are shown. */
const SHOWN = 200;

/** A difference for people: one line for each value. @param wait  seconds, as --wait says */
export function formatDifference(difference: ReplayDifference, wait: number): string {
  const { kind, message, type, after, lacks, values = [], bytes, detail } = difference;
  const place = `message ${message} ${type}`;
  const position = message === 0 ? "at the beginning" : `after message ${message}`;
  switch (kind) {
    case "DIFFERENT":
      return values
        .map(({ path, recorded, now }) => `${place}: ${path}: recorded ${show(recorded)}, now ${show(now)}`)
        .join("\n");
    case "MISSING":
      return `${place}: missing: it did not come within ${wait} s of its time`;
    case "ORDER":
      return `${place}: came after message ${after?.message} ${after?.type}, which it preceded`;
    case "UNSENT":
      return `${place}: not sent: it needs message ${lacks?.message} ${lacks?.type}`;
    case "UNEXPECTED":
      return `${position}: unexpected ${type}: ${cutText(bytes === undefined ? "" : messageText(bytes), SHOWN)}`;
    case "BROKEN":
      return `${position}: ${detail}`;
  }
}

/** A difference for programs: one line of JSON. */
export function formatDifferenceJson({
  kind,
  message,
  type,
  after,
  lacks,
  values,
  bytes,
  detail,
}: ReplayDifference): string {
  return JSON.stringify({
    kind,
    message,
    ...(type === "" ? {} : { type }),
    after,
    lacks,
    values: values?.map(({ path, recorded, now }) => ({ path, recorded: parse(recorded), now: parse(now) })),
    data: bytes === undefined ? undefined : formatHex(bytes),
    detail,
  });
}

/** The result for people. */
export function formatResult({ played, unplayed, compared, differences }: ReplayResult): string {
  const left = unplayed === 0 ? "" : `, ${unplayed} not sent`;
  const found =
    differences === 0 ? "no difference" : differences === 1 ? "1 difference" : `${differences} differences`;
  return `${count(played)} played${left}, ${compared} compared: ${found}`;
}

function count(n: number): string {
  return n === 1 ? "1 message" : `${n} messages`;
}

/** Texts stand without quotes. */
function show(json: string | undefined): string {
  if (json === undefined) return "nothing";
  const value: unknown = JSON.parse(json);
  return cutText(typeof value === "string" ? value : json, SHOWN);
}

function parse(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

function messageText(bytes: Buffer): string {
  try {
    return decodeToText(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return formatHex(bytes);
  }
}
