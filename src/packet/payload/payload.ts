// What each protocol of payloads says of itself. Headers of frames are read field by field; payloads become objects.
import type { Writer } from "../../wire/index.js";
import type { Protocol } from "../protocol.js";
import type { Given } from "./given.js";

/** Elements of a list that are told apart; what is behind them is told as `rest`, in hexadecimal digits. */
export const MAX_ELEMENTS = 1000;

/** A value of a payload object. */
export type PayloadValue = string | number | boolean | PayloadValue[] | PayloadObject;

/** What a payload says. */
export interface PayloadObject {
  [key: string]: PayloadValue;
}

/** Tells the frame b[o, end) inside a tunnel, whose first header is of protocol `start`: {data, _pkt, …}. */
export type ReadInner = (start: Protocol, b: Uint8Array, o: number, end: number) => PayloadObject;

/** The bytes of a frame that was given so. Throws EncodeError with places below `path`. */
export type BuildInner = (start: Protocol, value: unknown, path: string) => Uint8Array;

/** A protocol whose messages are payload. */
export interface PayloadProtocol {
  /** Value of the key `protocol`. */
  readonly name: string;
  /** What `read` says builds the same bytes for all messages: that need not be tried. */
  readonly exact?: boolean;
  /**
   * What the message b[o, end) says; undefined when it is none of this protocol. What cannot be understood comes as
   * hexadecimal text. Never throws; the work is bounded by the length, and so is the result.
   */
  read(b: Uint8Array, o: number, end: number, readInner: ReadInner): PayloadObject | undefined;
  /** Appends the message. Throws EncodeError for values that it cannot hold. */
  build(given: Given, out: Writer, buildInner: BuildInner): void;
}
