/** `oftr jsonrpc` as a process, and what a controller does with it: requests, events, messages to a switch. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "lossless-json";
import { PATIENCE, startProgram, stopProgram } from "./programs.js";

/** Path of the program under test. */
export const OFTR = fileURLToPath(new URL("../../bin/oftr.js", import.meta.url));

if (!existsSync(new URL("../../dist/main.cjs", import.meta.url))) {
  throw new Error("oftr is not built: npm run build");
}

/** A JSON object. */
export type Json = { readonly [key: string]: unknown };

/** The parameters of an OFP.MESSAGE event: an OpenFlow message, or CHANNEL_UP, CHANNEL_DOWN, CHANNEL_ALERT. */
export interface OpenFlowMessage {
  readonly type: string;
  readonly xid: number;
  readonly version?: number;
  readonly conn_id: number;
  readonly datapath_id?: string;
  readonly flags?: readonly string[];
  readonly msg: Json;
}

/** The answer to a request was an error. */
export class RequestError extends Error {
  readonly code: number;
  readonly data: Json;

  constructor(code: number, message: string, data: Json = {}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Counters of 64 bits are bigint where a number does not hold them. */
function exactNumber(text: string): number | bigint {
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}

interface Waiting {
  readonly wanted: (event: OpenFlowMessage) => boolean;
  readonly take: (event: OpenFlowMessage) => void;
}

export class Daemon {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #replies = new Map<number, (reply: Json) => void>();
  /** Events that nobody has asked for yet, in order. */
  readonly #events: OpenFlowMessage[] = [];
  readonly #waiting = new Set<Waiting>();
  #rest = "";
  #id = 0;
  #xid = 1000;
  /** What the daemon wrote to stderr. */
  stderr = "";

  constructor() {
    this.#child = startProgram(process.execPath, [OFTR, "jsonrpc"], { stdio: "pipe" });
    this.#ended = once(this.#child, "exit").then(([code]) => code as number | null);
    this.#child.stdout?.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
    });
  }

  #read(chunk: string): void {
    const texts = (this.#rest + chunk).split("\0");
    this.#rest = texts.pop() ?? "";
    for (const text of texts) {
      const value = parse(text, null, exactNumber) as Json;
      if (value.method === "OFP.MESSAGE") this.#event(value.params as OpenFlowMessage);
      else this.#replies.get(value.id as number)?.(value);
    }
  }

  #event(event: OpenFlowMessage): void {
    for (const waiting of this.#waiting) {
      if (!waiting.wanted(event)) continue;
      this.#waiting.delete(waiting);
      waiting.take(event);
      return;
    }
    this.#events.push(event);
  }

  /** Calls a method; throws RequestError where the daemon refuses. */
  async request(method: string, params: Json): Promise<Json> {
    const id = ++this.#id;
    const reply = await within(`the reply to ${method}`, (resolve: (reply: Json) => void) => {
      this.#replies.set(id, resolve);
      this.#child.stdin?.write(`${stringify({ id, method, params })}\0`);
      return () => this.#replies.delete(id);
    });
    if (reply.error === undefined) return reply.result as Json;
    const { code, message, data } = reply.error as { code: number; message: string; data?: Json };
    throw new RequestError(code, message, data);
  }

  /** The next event, seen already or not, that is wanted. What is asked for is taken away. */
  event(what: string, wanted: (event: OpenFlowMessage) => boolean): Promise<OpenFlowMessage> {
    const at = this.#events.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.#events.splice(at, 1)[0] as OpenFlowMessage);
    const about = (): string =>
      `${what}; unread events: ${this.#events.map(({ type, xid }) => `${type} ${xid}`).join(", ")}`;
    return within(about, (take: (event: OpenFlowMessage) => void) => {
      const waiting = { wanted, take };
      this.#waiting.add(waiting);
      return () => this.#waiting.delete(waiting);
    });
  }

  /** The next event of a type. */
  next(type: string): Promise<OpenFlowMessage> {
    return this.event(type, (event) => event.type === type);
  }

  /** Takes away the events that have come and are wanted, and gives them. */
  takeEvents(wanted: (event: OpenFlowMessage) => boolean = () => true): OpenFlowMessage[] {
    const events = this.#events.splice(0);
    this.#events.push(...events.filter((event) => !wanted(event)));
    return events.filter(wanted);
  }

  /** A transaction id that was not used before. */
  nextXid(): number {
    return ++this.#xid;
  }

  /** Has a switch sent a message, without a look at what it answers. Returns the xid, which `more` may give. */
  async send(datapathId: string, type: string, msg: unknown, more: Json = {}): Promise<number> {
    const params = { type, xid: more.xid ?? this.nextXid(), datapath_id: datapathId, msg, ...more };
    await this.request("OFP.SEND", params);
    return params.xid as number;
  }

  /** Asks a switch and gives its answer, the last part where it has several. */
  async ask(datapathId: string, type: string, msg: unknown): Promise<OpenFlowMessage> {
    const parts = await this.askParts(datapathId, type, msg);
    return parts[parts.length - 1] as OpenFlowMessage;
  }

  /** Asks a switch and gives all parts of its answer. */
  async askParts(datapathId: string, type: string, msg: unknown): Promise<OpenFlowMessage[]> {
    const xid = await this.send(datapathId, type, msg);
    const parts: OpenFlowMessage[] = [];
    do {
      parts.push(await this.event(`the answer to ${type}`, (event) => event.xid === xid));
    } while (parts.at(-1)?.flags?.includes("MORE"));
    return parts;
  }

  /** Closes stdin, upon which the daemon ends. Gives the exit code. */
  async end(): Promise<number | null> {
    this.#child.stdin?.end();
    return within("the end of the daemon", (resolve: (code: number | null) => void) => {
      void this.#ended.then(resolve);
      return () => undefined;
    });
  }

  /** Sends the daemon a signal: SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the daemon whatever it does. */
  stop(): Promise<void> {
    return stopProgram(this.#child);
  }
}

/** A promise that fails when PATIENCE is over. `begin` gives what takes the registration back. */
async function within<Value>(
  what: string | (() => string),
  begin: (resolve: (value: Value) => void) => () => void,
): Promise<Value> {
  let cancel: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<Value>((resolve) => {
    cancel = begin(resolve);
  });
  const end = new Promise<never>((_, reject) => {
    const text = (): string => (typeof what === "string" ? what : what());
    timer = setTimeout(() => reject(new Error(`waited in vain for ${text()}`)), PATIENCE);
  });
  try {
    return await Promise.race([answer, end]);
  } finally {
    clearTimeout(timer);
    cancel();
  }
}
