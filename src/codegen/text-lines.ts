// Lines of a decoder: constant JSON text becomes stores of eight bytes at a time, merged as far as possible.
import { Lines } from "./printer.js";

/** A decoder body: constant text and statements in the order in which they run. */
export class TextLines extends Lines {
  #pending = "";

  /** Appends constant JSON text; it must be ASCII. */
  text(constant: string): void {
    this.#pending += constant;
  }

  override add(line: string): void {
    this.#flush();
    super.add(line);
  }

  override close(line = "}"): void {
    this.#flush();
    super.close(line);
  }

  override toString(): string {
    this.#flush();
    return super.toString();
  }

  #flush(): void {
    const text = this.#pending;
    if (text === "") return;
    this.#pending = "";
    const bytes = Buffer.from(text, "latin1");
    if (bytes.length === 1) {
      super.add(`w.o[w.p++] = ${byte(bytes[0] ?? 0)}; // ${text}`);
      return;
    }
    super.add(`p = w.p; // ${text}`);
    // As writeConstant of src/text does: up to seven blanks behind the text, which the next text overwrites.
    const padded = Buffer.from(text.padEnd(bytes.length + 7), "latin1");
    const stores: string[] = [];
    for (let i = 0; i < bytes.length; i += 8) {
      if (bytes.length - i > 4) stores.push(`v.setFloat64(${at(i)}, ${padded.readDoubleLE(i)}, true);`);
      else stores.push(`v.setUint32(${at(i)}, 0x${padded.toString("hex", i, i + 4)});`);
    }
    for (let line = 0; line < stores.length; line += 4) super.add(stores.slice(line, line + 4).join(" "));
    super.add(`w.p = p + ${bytes.length};`);
  }
}

function at(i: number): string {
  return i === 0 ? "p" : `p + ${i}`;
}

function byte(n: number): string {
  return `0x${n.toString(16).padStart(2, "0")}`;
}

/** A decoder function: declares what its constant texts need, if it has any; parameters without a use get an underscore. */
export function decoderFunction(head: string, body: TextLines): string {
  const code = body.toString();
  const signature = head.replace(/\b(b|o|end|w): /g, (found, name: string) =>
    new RegExp(`\\b${name}\\b`).test(withoutText(code)) ? found : `_${found}`,
  );
  const needs = [
    ...(/\bv\.set(?:Uint|Float)/.test(code) ? ["  const v = w.v;"] : []),
    ...(/\bp = w\.p;/.test(code) ? ["  let p = 0;"] : []),
  ];
  return [`${signature} {`, ...needs, ...(code === "" ? [] : [code]), "}"].join("\n");
}

/** Source without what stands in comments and string literals. */
function withoutText(code: string): string {
  return code.replace(/\/\/.*$/gm, "").replace(/"(?:[^"\\]|\\.)*"/g, '""');
}
