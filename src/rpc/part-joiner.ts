// The parts of a multipart reply as one message. They are joined as text: no digit of a number can get lost.

/** Where the body of a message begins in its JSON text. It comes last, and nothing before it holds a text of a switch's. */
const MSG = ',"msg":';

/** Takes parts of a reply, which differ in their bodies only. */
export class PartJoiner {
  /** Characters of the texts taken so far. */
  length = 0;
  #parts = 0;
  /** What stands between the brackets of the bodies that have elements. */
  readonly #lists: string[] = [];
  /** False when a body is no list. */
  #joinable = true;

  /** Takes the next part. @param text  JSON text of a message, as decodeMessage prints it */
  add(text: string): void {
    this.#parts++;
    this.length += text.length;
    const start = bodyOf(text);
    if (text[start] !== "[") this.#joinable = false;
    // Brackets and the brace of the message are left out.
    const list = text.slice(start + 1, -2);
    if (list !== "") this.#lists.push(list);
  }

  /**
   * The whole as JSON text: the last part, with the elements of all. Undefined when the bodies of several parts are no lists.
   * @param last  the text that was added last
   */
  finish(last: string): string | undefined {
    if (this.#parts === 1) return last;
    if (!this.#joinable) return undefined;
    return `${last.slice(0, bodyOf(last))}[${this.#lists.join(",")}]}`;
  }
}

function bodyOf(text: string): number {
  return text.indexOf(MSG) + MSG.length;
}
