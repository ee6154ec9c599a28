/** Packets of a network interface, as tcpdump or dumpcap capture them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { errorCode } from "./input.js";
import { listenTo } from "./program-reason.js";

/** Why nothing can be captured. */
export class LiveCaptureError extends Error {
  /** No program is installed that captures. */
  readonly missing: boolean;

  constructor(text: string, missing = false) {
    super(text);
    this.missing = missing;
  }
}

/**
 * Of packets in fragments only the first ones say what a filter asks; the others have to come, too, for the reader puts them together
 * and filters then. They stand last: they are looked for in the VLANs that the filter names.
 */
const LATER_FRAGMENTS = "(ip proto 6 and ip[6:2] & 0x1fff != 0) or (ip6 proto 44)";

/** Programs that capture, the first choice first, and how they write pcap or pcapng to their output at once. */
const PROGRAMS: readonly (readonly [string, (device: string, filter: string) => string[]])[] = [
  [
    "tcpdump",
    (device, filter) => ["-i", device, "-U", "--immediate-mode", "-s", "0", "-w", "-", "--", filter],
  ],
  ["dumpcap", (device, filter) => ["-q", "-i", device, "-w", "-", "-f", filter]],
];

/**
 * Captures packets of `device` that `filter` takes, and fragments that may be parts of such, until the program ends or this one is
 * interrupted (SIGINT, SIGTERM). Rejects with LiveCaptureError, and with what `take` throws.
 * @param take  is given the bytes of a capture file
 */
export async function captureLive(
  device: string,
  filter: string,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const wanted = filter.trim() === "" ? "" : `(${filter}) or ${LATER_FRAGMENTS}`;
  for (const [program, words] of PROGRAMS) if (await runCapture(program, words(device, wanted), take)) return;
  const names = PROGRAMS.map(([program]) => program).join(" nor ");
  throw new LiveCaptureError(`neither ${names} is installed, which capture packets`, true);
}

/** Runs one of the programs; false when it is not installed. */
async function runCapture(
  program: string,
  args: readonly string[],
  take: (chunk: Buffer) => void,
): Promise<boolean> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const reason = listenTo(program, child.stderr);
  // Ctrl-C reaches both programs: what was captured is still read to its end.
  const stop = (): void => void child.kill("SIGINT");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const ended = once(child, "close");
  try {
    let bytes = 0;
    for await (const chunk of child.stdout) {
      bytes += (chunk as Buffer).length;
      take(chunk as Buffer);
    }
    const [code] = await ended;
    if (code !== 0 && bytes === 0) throw new LiveCaptureError(reason());
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    child.kill();
  }
}
