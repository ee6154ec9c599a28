import { cutText, OftrError } from "../base/index.js";

/**
 * What can be wrong with a flow line. SYNTAX: its form; UNKNOWN: a word nobody reads; INVALID: a value that is not of its type or
 * range; UNSUPPORTED: the OpenFlow version cannot say it; TOO_DEEP: actions nested beyond the limit.
 */
export type FlowErrorCode = "SYNTAX" | "UNKNOWN" | "INVALID" | "UNSUPPORTED" | "TOO_DEEP";

/** Most characters of a detail: it may repeat a word of the line, which may be as long as a line may be. */
const MOST_OF_LINE = 300;

/** A line in the notation of Open vSwitch that cannot be read. Columns count from 1, in UTF-16 units. */
export class FlowError extends OftrError<FlowErrorCode> {
  override readonly name = "FlowError";
  readonly column: number;
  readonly detail: string;

  /** @param at  units from the start of the line to what is wrong */
  constructor(code: FlowErrorCode, at: number, detail: string) {
    const short = cutText(detail, MOST_OF_LINE);
    super(code, `column ${at + 1}: ${short}`);
    this.column = at + 1;
    this.detail = short;
  }
}
