/**
 * Compares the codec with rows of golden data. A row passes when nothing differs. Besides JSON paths these words name
 * what differs: `refused` (ours fails, the golden does not), `accepted` (the other way round), `bytes` (the encoded
 * bytes differ), `raw` (a part came out as an experimenter's hex), `crash` (an error that no input may cause),
 * `slow` (more than SLOW_MS).
 */
import { OftrError } from "../../src/base/index.js";
import { decode, decodeStream, encodeJson, encodeText, parseExact } from "./codec.js";
import { compareJson, type Difference } from "./differences.js";
import type { EncodeRow, HexRow, MessageRow, PacketRow } from "./rows.js";

/** Milliseconds that no row may take, however hostile. */
export const SLOW_MS = 50;

/** A golden message: our JSON has all of the golden's, and encodes to the same bytes. */
export function judgeMessage(row: MessageRow): Difference[] {
  const frame = Buffer.from(row.hex, "hex");
  let json: string;
  try {
    json = decode(frame);
  } catch (error) {
    return [failure("refused", "a message", error)];
  }
  const differences = compareJson(parseExact(row.json), parseExact(json));
  // What the golden's own program cannot bring back may come back with other padding or order, but must say the same.
  return [...differences, ...judgeReturn(row.hex, json, !row.reencode_ok)];
}

/**
 * A golden message with a packet: our JSON has all of the golden's, in the order of its fields. It encodes to the same bytes as it is,
 * and without the bytes of the packet, from its fields alone.
 */
export function judgePacket(row: PacketRow): Difference[] {
  let json: string;
  try {
    json = decode(Buffer.from(row.hex, "hex"), "full");
  } catch (error) {
    return [failure("refused", "a message", error)];
  }
  const ours = parseExact(json) as PacketMessage;
  const golden = parseExact(row.json) as PacketMessage;
  const { _pkt: want, ...wanted } = golden.msg;
  const { _pkt: got, ...gotten } = ours.msg;
  return [
    ...compareJson({ ...golden, msg: wanted }, { ...ours, msg: gotten }),
    ...fieldsDifference(want, got),
    ...judgeReturn(row.hex, json, false),
    ...judgeReturn(row.hex, JSON.stringify(withoutData(ours)), false).map((d) => ({ ...d, path: "built" })),
  ];
}

interface PacketMessage {
  readonly msg: {
    readonly data: string;
    readonly _pkt: readonly { readonly field: string; readonly value: unknown }[];
  };
}

/** The first fields that differ, as all that comes from there on. */
function fieldsDifference(
  want: PacketMessage["msg"]["_pkt"],
  got: PacketMessage["msg"]["_pkt"],
): Difference[] {
  const show = (list: PacketMessage["msg"]["_pkt"], from: number): string =>
    list
      .slice(from)
      .map(({ field, value }) => `${field}=${String(value)}`)
      .join(" ");
  for (let i = 0; i < Math.max(want.length, got.length); i++) {
    if (want[i]?.field !== got[i]?.field || want[i]?.value !== got[i]?.value)
      return [{ path: "_pkt", want: show(want, i), got: show(got, i) }];
  }
  return [];
}

/** The message with the fields and the payload of its packet instead of the bytes. */
function withoutData(message: PacketMessage): object {
  const { data, ...msg } = message.msg;
  const at = msg._pkt.find(({ field }) => field === "X_PKT_POS")?.value;
  const payload = typeof at === "number" ? data.slice(2 * at) : "";
  const { _pkt_payload: _, ...keys } = msg as Record<string, unknown>;
  return { ...message, msg: { ...keys, _pkt_data: payload } };
}

/** A valid message that the golden's program does not know: it comes back byte for byte. */
export function judgeForeign(row: HexRow, mayBeRaw: boolean): Difference[] {
  let json: string;
  try {
    json = decode(Buffer.from(row.hex, "hex"));
    parseExact(json);
  } catch (error) {
    return [failure("refused", "a message", error)];
  }
  const differences = judgeReturn(row.hex, json, false);
  const raw = mayBeRaw ? null : /.{0,40}EXPERIMENTER.{0,60}/.exec(json);
  if (raw !== null) differences.push({ path: "raw", want: "names", got: raw[0] });
  return differences;
}

/** A text to encode: the same bytes, or an error where the golden has one. */
export function judgeEncode(row: EncodeRow): Difference[] {
  let hex: string;
  try {
    hex = encodeText(row.yaml, row.args);
  } catch (error) {
    return row.hex === undefined && error instanceof OftrError
      ? []
      : [failure("refused", row.hex ?? "an error", error)];
  }
  if (row.hex === undefined) return [{ path: "accepted", want: row.error ?? "an error", got: hex }];
  return hex === row.hex ? [] : [bytesDifference(row.hex, hex)];
}

/** Bytes that are no message, or lie about their lengths: reported, or kept byte for byte; quickly, in any case. */
export function judgeMalformed(row: HexRow): Difference[] {
  // The best of three, for the machine may have other things to do.
  let slow: Difference[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const start = performance.now();
    const differences = judgeBytes(row.hex);
    const took = performance.now() - start;
    if (took <= SLOW_MS) return differences;
    slow = [...differences, { path: "slow", want: `${SLOW_MS} ms`, got: `${Math.round(took)} ms` }];
  }
  return slow;
}

function judgeBytes(hex: string): Difference[] {
  try {
    const texts = decodeStream(Buffer.from(hex, "hex"));
    const back = texts.map((json) => encodeJson(json, { unchecked: true })).join("");
    return back === hex ? [] : [{ path: "accepted", want: "an error", got: texts.join("\n") }];
  } catch (error) {
    return error instanceof OftrError || (error instanceof Error && /left over$/.test(error.message))
      ? []
      : [failure("crash", "an error", error)];
  }
}

function judgeReturn(hex: string, json: string, jsonSuffices: boolean): Difference[] {
  let back: string;
  try {
    back = encodeJson(json, { unchecked: true });
  } catch (error) {
    return [{ path: "bytes", want: hex, got: messageOf(error) }];
  }
  if (back === hex) return [];
  if (jsonSuffices && decode(Buffer.from(back, "hex")) === json) return [];
  return [bytesDifference(hex, back)];
}

/** Both as hex; of messages of one length only the bytes that differ, as `OFFSET:HEX`. */
export function bytesDifference(want: string, got: string): Difference {
  if (want.length !== got.length) return { path: "bytes", want, got };
  const differing: number[] = [];
  for (let i = 0; i < want.length; i += 2) {
    if (want.slice(i, i + 2) !== got.slice(i, i + 2)) differing.push(i);
  }
  const show = (hex: string) => differing.map((i) => `${i / 2}:${hex.slice(i, i + 2)}`).join(" ");
  return { path: "bytes", want: show(want), got: show(got) };
}

function failure(path: string, want: string, error: unknown): Difference {
  return { path: error instanceof OftrError ? path : "crash", want, got: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
