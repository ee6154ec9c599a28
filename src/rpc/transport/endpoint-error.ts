// What can be wrong with an RPC endpoint, as a text and as a place.
import { OftrError } from "../../base/index.js";

/**
 * What can be wrong: the text (SYNTAX), what stands at the place (IN_USE: another daemon, NOT_A_SOCKET), files that
 * it names (FILE), that it would let anybody in (INSECURE), that this machine or process has no such thing
 * (UNAVAILABLE), that nobody serves there (REFUSED), or that the peer wants another token, path … (DENIED).
 */
export type EndpointErrorCode =
  | "SYNTAX"
  | "IN_USE"
  | "NOT_A_SOCKET"
  | "FILE"
  | "INSECURE"
  | "UNAVAILABLE"
  | "REFUSED"
  | "DENIED";

/** An RPC endpoint that cannot be used. The message begins with the endpoint, and holds no token and no key. */
export class EndpointError extends OftrError<EndpointErrorCode> {
  override readonly name = "EndpointError";

  /** @param where  the endpoint, or a part of it */
  constructor(code: EndpointErrorCode, where: string, detail: string) {
    super(code, `${where}: ${detail}`);
  }
}
