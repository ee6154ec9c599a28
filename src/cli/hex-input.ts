/**
 * Hexadecimal text, as people paste it, becomes bytes. Read line by line:
 *
 *     040e0008 00000001                              digits, with or without blanks, `0x`, `\x`, `:` `,` `-` between
 *     0x04, 0x0e, 0x00, 0x08                         as in source code
 *     0000   04 0e 00 08 00 00 00 01   ........      Wireshark, text2pcap
 *     00000000  04 0e 00 08 00 00 00 01  |........|  hexdump -C; a line of one `*` repeats the line before
 *     00000000: 040e 0008 0000 0001  ........        xxd, tcpdump -x (with `0x` before the offset)
 *     0000000 04 0e 00 08 00 00 00 01                od -t x1 (octal offsets)
 *     # text                                         a comment, also behind digits
 *
 * The offsets are checked, so that a line lost while copying is an error and not another message.
 */
import { OftrError } from "../base/index.js";

/** Lines longer than this are not lines of a dump: their digits are taken piece by piece, to bound the memory. */
const LONGEST_LINE = 4096;
/** Most bytes that one `*` may stand for. */
const MOST_REPEATED = 1 << 20;

/** Text that is not hexadecimal. The message starts with `line N: `; lines count from 1. */
export class HexError extends OftrError<"HEX"> {
  readonly line: number;
  readonly detail: string;

  constructor(line: number, detail: string) {
    super("HEX", `line ${line}: ${detail}`);
    this.line = line;
    this.detail = detail;
  }
}

interface DumpLine {
  /** The digits of the offset as written; undefined on lines without one. */
  readonly offset: string | undefined;
  /** What follows it. */
  readonly rest: string;
}

/** Reads a stream of hexadecimal text. Chunks may end anywhere. */
export class HexReader {
  readonly #onBytes: (bytes: Buffer) => void;
  #line = 1;
  /** The start of a line that has not ended. */
  #text = "";
  /** True in the middle of a line too long to hold. */
  #inLongLine = false;
  /** A digit whose partner has not come. */
  #half = "";
  /** In a dump: the offset that the next line has to show. */
  #expected: number | undefined;
  #lastRow: Buffer = Buffer.alloc(0);
  #repeat = false;

  /** @param onBytes  takes the bytes of a line or of a part of a long one */
  constructor(onBytes: (bytes: Buffer) => void) {
    this.#onBytes = onBytes;
  }

  /** Takes the next bytes of the text. Throws HexError; the reader must then be discarded. */
  push(chunk: Buffer): void {
    const lines = (this.#text + chunk.toString("latin1")).split("\n");
    const last = lines.pop() as string;
    for (const line of lines) {
      if (this.#inLongLine || line.length > LONGEST_LINE) this.#digits(line);
      else this.#wholeLine(line.trimEnd());
      this.#inLongLine = false;
      this.#line++;
    }
    this.#text = last;
    if (last.length > LONGEST_LINE) {
      // Not in the middle of `0x04` where blanks or commas allow another place.
      const cut = Math.max(last.lastIndexOf(" "), last.lastIndexOf(","));
      this.#text = cut < 0 ? "" : last.slice(cut);
      this.#digits(cut < 0 ? last : last.slice(0, cut));
      this.#inLongLine = true;
    }
  }

  /** Ends the text: takes a last line without a line end. Throws HexError. */
  end(): void {
    this.push(Buffer.from("\n"));
    if (this.#half !== "")
      throw new HexError(this.#line - 1, `odd number of digits, '${this.#half}' is left`);
  }

  #wholeLine(line: string): void {
    if (line === "*" && this.#expected !== undefined) {
      this.#repeat = true;
      return;
    }
    const { offset, rest } = this.#splitOffset(line);
    if (offset === undefined) {
      if (line.trim() !== "") this.#expected = undefined;
      this.#digits(rest);
      return;
    }
    this.#checkOffset(offset);
    const row = this.#bytesOf(withoutCharacters(rest, line.includes(":")));
    this.#expected = (this.#expected ?? 0) + row.length;
    if (row.length === 0) return;
    this.#lastRow = row;
    this.#onBytes(row);
  }

  /** An offset has a colon behind it, or is the expected one, or stands before bytes written one by one. */
  #splitOffset(line: string): DumpLine {
    const colon = /^\s*(?:0[xX])?([0-9a-fA-F]{3,16}):(?=\s|$)/.exec(line);
    if (colon !== null) return { offset: colon[1] as string, rest: line.slice(colon[0].length) };
    const plain = /^\s*([0-9a-fA-F]{4,16})(?=\s|$)/.exec(line);
    if (plain === null) return { offset: undefined, rest: line };
    const offset = plain[1] as string;
    const rest = line.slice(plain[0].length);
    const known = this.#expected !== undefined && (this.#repeat || meanings(offset).includes(this.#expected));
    if (known || /^\s+[0-9a-fA-F]{2}\s+[0-9a-fA-F]{2}(?=[\s-]|$)/.test(rest)) return { offset, rest };
    return { offset: undefined, rest: line };
  }

  #checkOffset(offset: string): void {
    const expected = this.#expected;
    if (this.#repeat && expected !== undefined) this.#fillUpTo(offset, expected);
    else if (expected !== undefined && !meanings(offset).includes(expected)) {
      // A dump of another message starts at 0 again.
      if (Number.parseInt(offset, 16) !== 0) {
        const should = expected.toString(16).padStart(offset.length, "0");
        throw new HexError(this.#line, `offset ${offset} where ${should} should be`);
      }
      this.#expected = 0;
    }
    this.#repeat = false;
  }

  /** Emits the row before as often as a `*` left it out. */
  #fillUpTo(offset: string, expected: number): void {
    const size = this.#lastRow.length;
    const missing = meanings(offset)
      .map((value) => value - expected)
      .find((n) => n > 0 && n % size === 0 && n <= MOST_REPEATED);
    if (size === 0 || missing === undefined) {
      throw new HexError(this.#line, `offset ${offset} does not fit the * before it`);
    }
    for (let n = 0; n < missing; n += size) this.#onBytes(this.#lastRow);
    this.#expected = expected + missing;
  }

  #digits(text: string): void {
    const bytes = this.#bytesOf(text);
    if (bytes.length > 0) this.#onBytes(bytes);
  }

  #bytesOf(text: string): Buffer {
    const digits =
      this.#half +
      text
        .replace(/#.*/, "")
        .replace(/(?:0[xX]|\\[xX])([0-9a-fA-F])(?![0-9a-fA-F])/g, "0$1")
        .replace(/(?<![0-9a-fA-F])0[xX]|\\[xX]|[\s:,;"'-]/g, "");
    const strange = /[^0-9a-fA-F]/.exec(digits);
    if (strange !== null) {
      throw new HexError(this.#line, `'${printable(strange[0])}' is not a hexadecimal digit`);
    }
    const whole = digits.length & ~1;
    this.#half = digits.slice(whole);
    return Buffer.from(digits.slice(0, whole), "hex");
  }
}

/** What the digits of an offset may mean: od writes octal, some tools decimal. */
function meanings(offset: string): number[] {
  return [16, 8, 10].map((base) => Number.parseInt(offset, base));
}

/**
 * Cuts off the column of characters that dumps print behind the bytes. It starts at ` |`, or behind two blanks;
 * only the gap after eight single bytes, which hexdump and Wireshark make, has bytes behind it.
 * @param colon  the line's offset had a colon: such tools make no gap
 */
function withoutCharacters(rest: string, colon: boolean): string {
  const row = rest.replace(/\s\|.*/, "").trim();
  const [bytes = "", second = ""] = row.split(/\s{2,}/, 2);
  const gap = !colon && /^([0-9a-fA-F]{2} ){7}[0-9a-fA-F]{2} {2}([0-9a-fA-F]{2}( |$))+/.test(row);
  return gap ? `${bytes} ${second}` : bytes;
}

function printable(character: string): string {
  return character >= " " && character <= "~"
    ? character
    : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
