// One client: reads its requests one after the other, has them carried out, and answers.

import type { Dispatcher, Outcome } from "./dispatcher.js";
import { RPC } from "./errors.js";
import type { Call, Service } from "./method.js";
import { type ErrorBody, formatError, formatResult, toErrorBody } from "./reply.js";
import { parseRequestText, type ReplyId, type Request, readRequest } from "./request.js";
import { traceRpc } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";

/**
 * A client and its transport. Requests are carried out in the order in which they came, and answered in it; only
 * those that wait for the network (OFP.CONNECT) do not hold up the rest.
 */
export class Session {
  readonly #transport: RpcTransport;
  readonly #dispatcher: Dispatcher;
  readonly #service: Service;
  readonly #onEnd: () => void;
  #waiting: string[] = [];
  #busy = false;
  /** No more requests will come; undefined while they do. */
  #ending: { readonly reason: Error | undefined } | undefined;

  /** @param onEnd  called once, when the last request has been answered and no more will come */
  constructor(transport: RpcTransport, dispatcher: Dispatcher, service: Service, onEnd: () => void) {
    this.#transport = transport;
    this.#dispatcher = dispatcher;
    this.#service = service;
    this.#onEnd = onEnd;
  }

  /** Begins to serve. */
  start(): void {
    this.#service.notifier.add(this.#transport);
    this.#transport.start(
      (text) => this.#onText(text),
      (reason) => {
        this.#ending = { reason };
        if (!this.#busy) this.#end();
      },
    );
  }

  #onText(text: string): void {
    traceRpc("read", text);
    if (this.#busy) {
      this.#waiting.push(text);
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
      for (const text of texts) await this.#process(text);
    }
    this.#busy = false;
    if (this.#ending !== undefined) this.#end();
  }

  #end(): void {
    const reason = this.#ending?.reason;
    if (reason !== undefined) {
      this.#reply(formatError(undefined, { code: RPC.INVALID_REQUEST, message: reason.message }));
    }
    this.#service.notifier.remove(this.#transport);
    this.#onEnd();
  }

  /** Carries out one request; what it gives is to be waited for before the next one. */
  #process(text: string): Promise<void> | undefined {
    let id: ReplyId;
    let request: Request;
    try {
      request = readRequest(parseRequestText(text), text, (found) => {
        id = found;
      });
    } catch (error) {
      this.#replyError(id, toErrorBody(error, text), true);
      return undefined;
    }
    const after: (() => void)[] = [];
    const call: Call = { service: this.#service, request, afterReply: (run) => after.push(run) };
    const finish = (outcome: Outcome): void => {
      this.#answer(request, outcome);
      for (const run of after) run();
    };
    const outcome = this.#dispatcher.dispatch(call);
    if (!(outcome instanceof Promise)) {
      finish(outcome);
      return undefined;
    }
    const finished = outcome.then(finish);
    return this.#dispatcher.isConcurrent(request.method) ? undefined : finished;
  }

  #answer(request: Request, outcome: Outcome): void {
    if ("error" in outcome)
      this.#replyError(request.id, toErrorBody(outcome.error, request.text), outcome.always);
    else if (request.id !== undefined) this.#reply(formatResult(request.id, outcome.result));
  }

  /** @param always  also when the client has asked for no answer */
  #replyError(id: ReplyId, body: ErrorBody, always: boolean): void {
    if (id !== undefined || always) this.#reply(formatError(id, body));
  }

  #reply(text: string): void {
    traceRpc("write", text);
    this.#transport.send(Buffer.from(text));
  }
}
