// The transport over stdin and stdout of this process.
import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { DelimitedTransport } from "./delimited.js";
import type { Framing } from "./framing.js";

const STDOUT = 1;

/** Serves the process that has started us. Takes stdin and stdout for itself. */
export function stdioTransport(framing: Framing): DelimitedTransport {
  return new DelimitedTransport(process.stdin, openStdout(), framing);
}

/** process.stdout cannot be ended, and ending it is how the reader learns that all is said. */
function openStdout(): Writable {
  const kind = fstatSync(STDOUT);
  if (!kind.isFIFO() && !kind.isSocket()) return process.stdout;
  return new Socket({ fd: STDOUT, readable: false, writable: true });
}
