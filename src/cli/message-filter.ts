/** `--msg-include` and `--msg-exclude`: which messages are translated. */
import { didYouMean } from "../base/index.js";
import { frameTypeName, messageTypeNames } from "../codec/decode.js";
import type { CapturedFlow } from "../pcap/index.js";
import { compileGlob } from "../text/index.js";
import { UsageError } from "./arguments.js";

/** One term of a list: true for the messages of a type, and of a connection where there is one, that it means. */
type Term = (type: string, flow: CapturedFlow | undefined) => boolean;

/** Where a message comes from; only captures know that. */
const ENDPOINT = /^(src|dst|conn_id):(.*)$/i;
/** What may stand before the colon: the largest number behind it, and the number that a message has. */
const ENDPOINTS = {
  src: { largest: 0xffff, of: ({ srcPort }: CapturedFlow) => srcPort },
  dst: { largest: 0xffff, of: ({ dstPort }: CapturedFlow) => dstPort },
  conn_id: { largest: 0xffffffff, of: ({ connId }: CapturedFlow) => connId },
};

/** Tells which messages are wanted, by their types and connections. */
export class MessageFilter {
  readonly #include: readonly Term[];
  readonly #exclude: readonly Term[];
  /** The answer for each type that has come, of messages without a connection. */
  readonly #known = new Map<string, boolean>();
  /** The same for each direction of a connection. */
  readonly #knownOf = new WeakMap<CapturedFlow, Map<string, boolean>>();

  /**
   * @param include  terms separated by commas: patterns of types (`FLOW_*`), `src:PORT`, `dst:PORT`, `conn_id:N`, each
   *                 with `!` in front for its contrary; without terms all messages are wanted
   * @param exclude  terms of messages that are not wanted, though they may be included
   * Throws UsageError for a term that cannot mean any message.
   */
  constructor(include: string, exclude: string) {
    this.#include = parseTerms("msg-include", include);
    this.#exclude = parseTerms("msg-exclude", exclude);
  }

  /**
   * True when the message in b[o, end) is wanted. One without a type, for it is damaged, always is: it has to be told.
   * @param flow  where it goes, known from a capture
   */
  keeps(b: Buffer, o: number, end: number, flow?: CapturedFlow): boolean {
    const type = frameTypeName(b, o, end);
    if (type === undefined) return true;
    const known = flow === undefined ? this.#known : this.#answersOf(flow);
    let kept = known.get(type);
    if (kept === undefined) {
      kept =
        !this.#exclude.some((term) => term(type, flow)) &&
        (this.#include.length === 0 || this.#include.some((term) => term(type, flow)));
      known.set(type, kept);
    }
    return kept;
  }

  #answersOf(flow: CapturedFlow): Map<string, boolean> {
    let known = this.#knownOf.get(flow);
    if (known === undefined) {
      known = new Map();
      this.#knownOf.set(flow, known);
    }
    return known;
  }
}

function parseTerms(option: string, list: string): Term[] {
  return list
    .split(",")
    .map((term) => term.trim())
    .filter((term) => term !== "")
    .map((term) => {
      const marks = /^!*/.exec(term)?.[0].length ?? 0;
      const positive = parseTerm(option, term.slice(marks));
      return marks % 2 === 1 ? (type: string, flow?: CapturedFlow) => !positive(type, flow) : positive;
    });
}

function parseTerm(option: string, term: string): Term {
  const because = (why: string): UsageError => new UsageError(`decode: for the -${option} option: ${why}`);
  const endpoint = ENDPOINT.exec(term);
  if (endpoint !== null) {
    const { largest, of } = ENDPOINTS[(endpoint[1] as string).toLowerCase() as keyof typeof ENDPOINTS];
    const number = endpoint[2] as string;
    if (!/^\d{1,10}$/.test(number) || Number(number) > largest)
      throw because(`'${term}': '${number}' is not a number of 0..${largest}`);
    // Messages of binary files and pipes have no connection.
    return (_type, flow) => flow !== undefined && of(flow) === Number(number);
  }
  const means = compileGlob(term);
  const names = messageTypeNames();
  if (![...names].some(means)) throw because(`no message type is like '${term}'${didYouMean(term, names)}`);
  return means;
}
