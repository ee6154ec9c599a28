// A request that waits for answers of switches: it ends with them, at its deadline, or with its client.
import type { Channel } from "../channel/index.js";
import { limitReached } from "./errors.js";
import type { Call } from "./method.js";
import type { ReplyHandler } from "./xids.js";

/** One such request. */
export class Pending<T> {
  /** What comes of it. Never settles when the client goes. */
  readonly outcome: Promise<T>;
  readonly #call: Call;
  readonly #stopTimer: () => void;
  readonly #cancel: () => void;
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** Numbers under which answers may still come. */
  readonly #numbers: { readonly channel: Channel; readonly wire: number }[] = [];
  #ended = false;

  /**
   * @param ms         until the deadline
   * @param onTimeout  called at the deadline; is to end it
   * Throws RpcError LIMIT when the client has too many of them.
   */
  constructor(call: Call, ms: number, onTimeout: () => void) {
    const { client, service } = call;
    const most = service.limits().pendingRequests;
    if (client.pending.size >= most) {
      throw limitReached("pendingRequests", `${client.pending.size} requests wait for answers of switches`);
    }
    this.#call = call;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopTimer = service.clock.after(ms, onTimeout);
    this.#cancel = () => this.#end(true);
    client.pending.add(this.#cancel);
  }

  /** True when it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Numbers a message to a switch, as the table of transaction ids does, and returns the number on the wire. */
  claim(channel: Channel, xid: number | undefined, frame: Buffer, handler: ReplyHandler): number {
    const { client, service } = this.#call;
    const wire = service.notifier.xids.claim(channel, client, xid, frame, handler);
    this.#numbers.push({ channel, wire });
    return wire;
  }

  /** Ends it with a result; its handlers go on to get what comes. */
  settle(value: T): void {
    this.#end(false);
    this.#resolve(value);
  }

  /** Ends it with an error. @param abandon  what still comes becomes events, else the handlers get it */
  fail(error: Error, abandon: boolean): void {
    this.#end(abandon);
    this.#reject(error);
  }

  /** What still comes becomes events. */
  abandon(): void {
    const { xids } = this.#call.service.notifier;
    for (const { channel, wire } of this.#numbers) xids.abandon(channel, wire);
  }

  #end(abandon: boolean): void {
    this.#ended = true;
    this.#stopTimer();
    const { client } = this.#call;
    client.pending.delete(this.#cancel);
    if (!client.gone) this.#call.afterReply(client.replyDue());
    if (abandon) this.abandon();
  }
}
