// A door for one client; what the daemon does ends with this client.
import { OftrError } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import type { ClientFacts, RpcTransport } from "../rpc/index.js";
import { sayGoodbye } from "./goodbye.js";
import type { Inside, RpcDoor } from "./rpc-door.js";

/** What the client was to get could not be written. */
class OutputError extends OftrError<"OUTPUT"> {
  override readonly name = "OutputError";
}

/** A door through which one client comes. */
export class LoneDoor implements RpcDoor {
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  readonly #cancel = new AbortController();
  #transport: RpcTransport | undefined;

  /** @param open  waits for the client; gives nothing when that is given up */
  constructor(
    { gateway, clock }: Inside,
    facts: ClientFacts,
    open: (cancel: AbortSignal) => RpcTransport | Promise<RpcTransport | undefined>,
  ) {
    this.#clock = clock;
    const serve = async (): Promise<void> => {
      this.#transport = await open(this.#cancel.signal);
      if (this.#transport === undefined) return;
      await gateway.serve(this.#transport, facts);
      const { failure } = this.#transport;
      if (failure !== undefined)
        throw new OutputError("OUTPUT", `the replies cannot be written: ${failure.message}`);
    };
    this.ended = serve();
  }

  reload(): boolean {
    // It has neither certificates nor tokens.
    return true;
  }

  async close(patience: number): Promise<void> {
    this.#cancel.abort();
    if (this.#transport !== undefined) await sayGoodbye([this.#transport], this.#clock, patience);
  }
}
