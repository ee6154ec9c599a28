// What one client asks: reads its requests one after the other, has them carried out, and answers.
import { countLimitHit, TextError } from "../base/index.js";
import type { Client } from "./client.js";
import type { Dispatcher, Outcome } from "./dispatcher.js";
import { RequestError, RPC } from "./errors.js";
import type { Call, Service } from "./method.js";
import { jsonText } from "./raw-json.js";
import { toErrorBody } from "./reply.js";
import { parseRequestText, type ReplyId, type Request, type RequestText } from "./request.js";
import { traceRpc } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";

/** Milliseconds after the end of standard input in which requests are still answered that wait for the network. */
export const LAST_ANSWERS = 1000;

/** Takes the text of a reply; undefined: the request asks for none. */
type Answer = (reply: string | undefined) => void;

/**
 * Serves a client. Requests are carried out in the order in which they came, and answered in it; only those that wait for the network
 * (OFP.CONNECT, OFP.REQUEST) do not hold up the rest.
 */
export class Session {
  readonly #transport: RpcTransport;
  readonly #client: Client;
  readonly #dispatcher: Dispatcher;
  readonly #service: Service;
  readonly #onEnd: () => void;
  #waiting: string[] = [];
  /** UTF-16 units of #waiting, and whether they are so many that no more are read. */
  #waitingLength = 0;
  #held = false;
  #busy = false;
  /** Requests that wait for the network while others go on. */
  #open = 0;
  /** No more requests will come; undefined while they do. */
  #ending: { readonly reason: Error | undefined } | undefined;
  /** All requests are begun, and no more will come: the last answer ends it. */
  #last = false;
  #ended = false;

  /** @param onEnd  called once, when the last request has been answered and no more will come */
  constructor(
    transport: RpcTransport,
    client: Client,
    dispatcher: Dispatcher,
    service: Service,
    onEnd: () => void,
  ) {
    this.#transport = transport;
    this.#client = client;
    this.#dispatcher = dispatcher;
    this.#service = service;
    this.#onEnd = onEnd;
  }

  /** Begins to serve. */
  start(): void {
    this.#transport.start(
      (text) => this.#onText(text),
      (reason) => {
        this.#ending = { reason };
        if (!this.#busy) this.#awaitLast();
      },
    );
  }

  #onText(text: string): void {
    traceRpc("read", text);
    if (this.#busy) {
      this.#waiting.push(text);
      this.#waitingLength += text.length;
      if (this.#waitingLength > this.#client.limits().rpcMessageBytes && !this.#held) this.#hold(true);
      return;
    }
    const unfinished = this.#process(text);
    if (unfinished !== undefined) void this.#goOn(unfinished);
  }

  /** Waits for a request, then takes those that came meanwhile. */
  async #goOn(unfinished: Promise<void>): Promise<void> {
    this.#busy = true;
    await unfinished;
    // New ones may come while these are waited for.
    while (this.#waiting.length > 0) {
      const texts = this.#waiting;
      this.#waiting = [];
      this.#waitingLength = 0;
      for (const text of texts) await this.#process(text);
    }
    this.#busy = false;
    if (this.#held) this.#hold(false);
    if (this.#ending !== undefined) this.#awaitLast();
  }

  #hold(held: boolean): void {
    this.#held = held;
    this.#client.hold("requests", held);
  }

  /** A client that asks no more, `nc -N` or a pipe of a shell, gets the answers to what it has asked. */
  #awaitLast(): void {
    const reason = this.#ending?.reason;
    if (reason !== undefined) {
      const error = { code: RPC.INVALID_REQUEST, message: reason.message };
      this.#client.reply(this.#client.dialect.formatError(undefined, error));
    }
    this.#last = true;
    if (this.#open === 0) {
      this.#end();
      return;
    }
    void this.#transport.closed.then(() => this.#end());
    // The process that has started us may be waiting for our end.
    if (this.#client.facts.kind === "stdio") this.#service.clock.after(LAST_ANSWERS, () => this.#end());
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
  }

  /** Carries out the requests of one text; what it gives is to be waited for before the next one. */
  #process(text: string): Promise<void> | undefined {
    const { dialect } = this.#client;
    const source = { text, base: [], yaml: false };
    let parsed: { readonly value: unknown; readonly yaml: boolean };
    try {
      parsed = parseRequestText(text, this.#service.limits());
      if (text.trim() === "" && dialect.batches) throw new TextError("SYNTAX", 1, 1, "there is no request");
    } catch (error) {
      this.#client.reply(dialect.formatError(undefined, toErrorBody(error, source, dialect)));
      return undefined;
    }
    const { value, yaml } = parsed;
    if (Array.isArray(value) && dialect.batches) return this.#processBatch(value, { text, base: [], yaml });
    return this.#processOne(value, { text, base: [], yaml }, (reply) => {
      if (reply !== undefined) this.#client.reply(reply);
    });
  }

  /** Carries out a batch: its requests one after the other, its replies in one list when all are there. */
  #processBatch(values: readonly unknown[], source: RequestText): Promise<void> | undefined {
    const { dialect, limits } = this.#client;
    const most = limits().rpcBatch;
    const refusal =
      values.length === 0
        ? "an empty batch"
        : values.length > most
          ? `a batch of ${values.length} requests; limit rpc-batch allows ${most}`
          : undefined;
    if (refusal !== undefined) {
      if (values.length > 0) countLimitHit("rpcBatch");
      const body = toErrorBody(new RequestError([], refusal), source, dialect);
      this.#client.reply(dialect.formatError(undefined, body));
      return undefined;
    }
    const replies: string[] = [];
    let open = values.length;
    const answer: Answer = (reply) => {
      if (reply !== undefined) replies.push(reply);
      if (--open === 0 && replies.length > 0) this.#client.reply(`[${replies.join(",")}]`);
    };
    return this.#processEach(values, source, answer);
  }

  async #processEach(values: readonly unknown[], source: RequestText, answer: Answer): Promise<void> {
    for (const [i, value] of values.entries()) {
      await this.#processOne(value, { ...source, base: [i] }, answer);
    }
  }

  #processOne(value: unknown, source: RequestText, answer: Answer): Promise<void> | undefined {
    const { dialect } = this.#client;
    let id: ReplyId;
    let request: Request;
    try {
      request = dialect.readRequest(value, source, (found) => {
        id = found;
      });
    } catch (error) {
      this.#service.requests.add("", "error");
      answer(dialect.formatError(id, toErrorBody(error, source, dialect)));
      return undefined;
    }
    const after: (() => void)[] = [];
    const call: Call = {
      service: this.#service,
      client: this.#client,
      request,
      afterReply: (run) => after.push(run),
    };
    const finish = (outcome: Outcome): void => {
      this.#service.requests.add(request.method, "error" in outcome ? "error" : "ok");
      answer(this.#replyTo(request, outcome));
      for (const run of after) run();
    };
    const outcome = this.#dispatcher.dispatch(call);
    if (!(outcome instanceof Promise)) {
      finish(outcome);
      return undefined;
    }
    const finished = outcome.then(finish);
    if (!this.#dispatcher.isConcurrent(request.method)) return finished;
    this.#open++;
    void finished.then(() => {
      if (--this.#open === 0 && this.#last) this.#end();
    });
    return undefined;
  }

  #replyTo({ id, source }: Request, outcome: Outcome): string | undefined {
    const { dialect } = this.#client;
    if (!("error" in outcome)) {
      return id === undefined ? undefined : dialect.formatResult(id, jsonText(outcome.result));
    }
    const always = outcome.always && dialect.answersWrongNotifications;
    if (id === undefined && !always) return undefined;
    return dialect.formatError(id, toErrorBody(outcome.error, source, dialect));
  }
}
