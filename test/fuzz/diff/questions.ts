/** Questions to another `oftr` that are put all at once, for it takes longer to start than to answer. */
import type { Answer } from "./answers.js";
import { askDecode, askEncode } from "./oftr.js";

/** An answer once the questions have been put. */
export type Later<T> = () => T;

/** What the program said, or that it said nothing. */
export type Reply = Answer | { readonly kind: "silent" };

/** What another `oftr` can be asked. */
export interface Questions {
  /** The frame of a JSON text as hex, with some transaction id. */
  encode(json: string): Later<Reply>;
  /** The JSON text of a frame that is given as hex, with some transaction id. One that is not as long as it says is refused. */
  decode(hex: string): Later<Reply>;
}

/** Questions that are collected, put, and then answered. */
export class QuestionList implements Questions {
  readonly #options: readonly string[];
  readonly #texts = new Map<string, number>();
  readonly #frames = new Map<string, number>();
  #encoded: ReadonlyMap<number, Answer> = new Map();
  #decoded: ReadonlyMap<number, Answer> = new Map();

  /** @param options  of `encode` */
  constructor(options: readonly string[]) {
    this.#options = options;
  }

  encode(json: string): Later<Reply> {
    const n = numberOf(this.#texts, json);
    return () => this.#encoded.get(n) ?? { kind: "silent" };
  }

  decode(hex: string): Later<Reply> {
    if (Number.parseInt(hex.slice(4, 8), 16) !== hex.length / 2)
      return () => ({ kind: "refused", why: "length" });
    const n = numberOf(this.#frames, hex);
    return () => this.#decoded.get(n) ?? { kind: "silent" };
  }

  /** Puts all questions to a program. */
  put(program: string): void {
    const texts = [...this.#texts.keys()].map((json, n) => json.replace(/"xid":\d+/, `"xid":${n}`));
    const frames = [...this.#frames.keys()].map((hex, n) => {
      const frame = Buffer.from(hex, "hex");
      frame.writeUInt32BE(n, 4);
      return frame;
    });
    this.#encoded = askEncode(program, this.#options, texts);
    this.#decoded = askDecode(program, frames);
  }
}

function numberOf(questions: Map<string, number>, question: string): number {
  const n = questions.get(question) ?? questions.size;
  questions.set(question, n);
  return n;
}
