// Protocols that IP carries.
import type { Protocol } from "./protocol.js";

export interface Transport extends Protocol {
  /** Its number in the header of IP. */
  readonly number: number;
  /** The version of IP that alone carries it. */
  readonly onlyIn?: 4 | 6;
}
