/** `--brief`: one line for each message. */
import type { Envelope } from "../codec/decode.js";
import type { Text } from "../text/index.js";
import { type BriefLine, type BriefOptions, briefLine } from "../traffic/index.js";
import type { MessagePrinter } from "./message-printer.js";
import type { Studied } from "./study.js";

/** Columns of the names of types, and of transaction ids: longer ones move what follows. */
const TYPE_COLUMNS = 18;
const XID_COLUMNS = 10;
const NUMBER_COLUMNS = 5;

/** What a switch could send to deceive a terminal or whoever reads it: controls, directions of writing, broken characters. */
const INVISIBLE = /\p{C}/gu;

/** Prints messages in lines. */
export class BriefPrinter implements MessagePrinter {
  begun = false;
  readonly #options: BriefOptions;

  constructor(options: BriefOptions) {
    this.#options = options;
  }

  begin(): void {}

  print(bytes: Buffer, start: number, end: number, out: Text, _envelope: Envelope, studied?: Studied): void {
    if (studied === undefined) return;
    const { at, paired } = studied;
    this.#write(formatLine(briefLine({ bytes, start, end }, at, paired, this.#options)), out);
  }

  printNull(out: Text): void {
    this.#write("--", out);
  }

  end(): void {}

  #write(line: string, out: Text): void {
    const shown = line.replace(INVISIBLE, escapeUnits);
    out.room(3 * shown.length + 1);
    out.p += out.o.write(shown, out.p, "utf8");
    out.o[out.p++] = 0x0a;
    this.begun = true;
  }
}

/** A character as JSON escapes it. */
function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join("");
}

function formatLine({ time, number, way, type, xid, facts, answer }: BriefLine): string {
  const columns = [
    ...(time === "" ? [] : [time]),
    ...(number === "" ? [] : [number.padStart(NUMBER_COLUMNS)]),
    way,
    type.padEnd(TYPE_COLUMNS),
    xid.padEnd(XID_COLUMNS),
    ...(facts === "" ? [] : [facts]),
    ...(answer === "" ? [] : [`[${answer}]`]),
  ];
  return columns.join(" ").trimEnd();
}
