// Finds the method of a request and runs it, by way of the json-rpc-2.0 library.
import { type JSONRPCRequest, JSONRPCServer } from "json-rpc-2.0";
import { didYouMean, log, OftrError } from "../base/index.js";
import { RequestError, RPC, show } from "./errors.js";
import type { Call, RpcMethod } from "./method.js";

/** What came of a request. */
export type Outcome =
  | { readonly result: unknown }
  /** `always`: the request itself is at fault, which is told even when it asks for no answer. */
  | { readonly error: unknown; readonly always: boolean };

/** Holds the methods. */
export class Dispatcher {
  readonly #server = new JSONRPCServer<Call>({ errorListener: (_message, err) => log.error({ err }, "rpc") });
  readonly #methods = new Map<string, RpcMethod>();
  readonly #direct: RpcMethod;

  /** @param direct  the one method that is run without the library's help; it must not give a promise */
  constructor(methods: readonly RpcMethod[], direct: RpcMethod) {
    this.#direct = direct;
    for (const method of methods) {
      this.#methods.set(method.name, method);
      // What failed is a result too, as far as the library goes: our error texts need the text of the request.
      this.#server.addMethod(method.name, (_params, call) => settle(method, call));
    }
  }

  /** True for methods that later requests need not wait for. */
  isConcurrent(name: string): boolean {
    return this.#methods.get(name)?.concurrent === true;
  }

  /** Runs the method of a request. Never throws, never rejects. */
  dispatch(call: Call): Outcome | Promise<Outcome> {
    const { method, params } = call.request;
    if (method === this.#direct.name) return runDirect(this.#direct, call);
    const refusal = this.#refuse(method);
    if (refusal !== undefined) return { error: refusal, always: true };
    return this.#receive({ jsonrpc: "2.0", id: 0, method, params }, call);
  }

  /** The id is not the client's: ours do not always fit a double. */
  async #receive(request: JSONRPCRequest, call: Call): Promise<Outcome> {
    const response = await this.#server.receive(request, call);
    return response?.result as Outcome;
  }

  #refuse(name: string): RequestError | undefined {
    if (name === "OFP.MESSAGE") {
      return new RequestError(["method"], "Use 'OFP.SEND'. 'OFP.MESSAGE' is for notifications only");
    }
    if (this.#methods.has(name)) return undefined;
    const near = didYouMean(name, [...this.#methods.keys(), this.#direct.name]);
    const sentence = `unknown method ${show(name)}${near}`;
    const facts = { code: RPC.METHOD_NOT_FOUND, reason: "UNKNOWN", sentence };
    return new RequestError(["method"], "unknown method", facts);
  }
}

function runDirect(method: RpcMethod, call: Call): Outcome {
  try {
    return { result: method.run(call.request.params, call) };
  } catch (error) {
    return failed(error);
  }
}

async function settle(method: RpcMethod, call: Call): Promise<Outcome> {
  try {
    return { result: await method.run(call.request.params, call) };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Outcome {
  // Errors of our own are answered; others are defects, whose text is for the log and not for the client.
  if (!(error instanceof OftrError)) log.error({ err: error }, "request failed");
  return { error, always: error instanceof RequestError };
}
