/** Which inputs of `oftr decode` are captures. */
import { captureFormat, MAGIC_BYTES, OPENFLOW_PORTS } from "../pcap/index.js";
import { errorCode, type Input, peekInput } from "./input.js";

/** Whether inputs are captures; `auto`: those that start like one. */
export type CaptureWish = "auto" | "yes" | "no";

/** The packet filter that counts where none is given. */
export const DEFAULT_FILTER = `tcp port ${OPENFLOW_PORTS.join(" or ")}`;

/** Whether an input is to be read as a capture. One that cannot be read is not: who reads it next tells why. */
export function isCaptureInput(input: Input, wish: CaptureWish): boolean {
  if (wish !== "auto") return wish === "yes";
  try {
    return captureFormat(peekInput(input, MAGIC_BYTES)) !== undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
