// Commas between the members of an object some of which may be left out.
import type { TextLines } from "./text-lines.js";

/** The members of one object, in the order in which they are printed. */
export class Members {
  readonly #out: TextLines;
  /** True until some member may stand before the next one. */
  #first = true;
  /** True as soon as some member is sure to be there: commas are constant text from then on. */
  #sure = false;

  /** @param startsOptional  the first member may be left out, so that commas depend on what was printed */
  constructor(out: TextLines, startsOptional: boolean) {
    this.#out = out;
    if (startsOptional) out.add("const start = w.p;");
  }

  /** Adds a member that is always there. */
  always(print: () => void): void {
    this.#comma();
    print();
    this.#sure = true;
  }

  /** Adds a member that is there under a condition. */
  optional(condition: string, print: () => void): void {
    this.#out.open(`if (${condition}) {`);
    // Even the first one asks for what stands before it: a short test, and one form for all.
    this.#first = false;
    this.#comma();
    print();
    this.#out.close();
  }

  #comma(): void {
    if (this.#sure) this.#out.text(",");
    else if (!this.#first) this.#out.add("if (w.p !== start) w.o[w.p++] = 0x2c;");
  }
}
