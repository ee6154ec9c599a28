// Packet filters in the language of tcpdump (pcap-filter(7)). tcpdump translates the text once, our own interpreter runs what
// comes of it.
import type { ExecFileException } from "node:child_process";
import { delimiter } from "node:path";
import { PacketFilterError, readProgram } from "./bpf-program.js";
import { runProgram } from "./bpf-run.js";

/** How long tcpdump may take, milliseconds: it may have to ask for the addresses of host names. */
const PATIENCE = 10_000;
/** More than the longest program takes, in characters. */
const MAX_OUTPUT = 1 << 18;
/** Longest filter, characters. */
const MAX_FILTER = 65_536;
/** Where systems keep tcpdump that is not on the PATH of users. */
const ADMIN_PATHS = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

/** Tells whether Ethernet frames are of the kind that a filter text describes. */
export interface PacketFilter {
  /** The program, to be sent to another thread and loaded there. */
  readonly program: string;
  /** Whether the frame b[o, end) is of that kind. Never throws. */
  matches(b: Uint8Array, o?: number, end?: number): boolean;
}

/**
 * Makes a filter of a text such as `icmp or (tcp port 80 and host 10.0.0.1)`; the empty text matches all. Rejects with
 * PacketFilterError: SYNTAX with tcpdump's own words, MISSING, TIMEOUT, PROGRAM.
 */
export async function compilePacketFilter(text: string): Promise<PacketFilter> {
  if (text.length > MAX_FILTER)
    throw new PacketFilterError("SYNTAX", `is longer than ${MAX_FILTER} characters`);
  if (text.includes("\0")) throw new PacketFilterError("SYNTAX", "has a NUL in it");
  return loadPacketFilter(await translate(text));
}

/** The filter of a program that `tcpdump -ddd` made. Throws PacketFilterError PROGRAM when it cannot be run. */
export function loadPacketFilter(program: string): PacketFilter {
  const checked = readProgram(program);
  return { program, matches: (b, o = 0, end = b.length) => runProgram(checked, b, o, end) !== 0 };
}

async function translate(text: string): Promise<string> {
  // Loaded when a filter is used: most runs have none.
  const { execFile } = await import("node:child_process");
  const PATH = [process.env.PATH ?? "", ...ADMIN_PATHS].join(delimiter);
  const options = { env: { ...process.env, PATH }, timeout: PATIENCE, maxBuffer: MAX_OUTPUT };
  return new Promise((resolve, reject) => {
    // What stands behind "--" is a filter, also when it looks like an option.
    execFile("tcpdump", ["-ddd", "-y", "EN10MB", "--", text], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(describeFailure(error, stderr));
    });
  });
}

function describeFailure(error: ExecFileException, stderr: string): PacketFilterError {
  if (error.code === "ENOENT" || error.code === "EACCES") {
    return new PacketFilterError("MISSING", "tcpdump, which translates packet filters, is not installed");
  }
  if (error.killed === true) {
    return new PacketFilterError(
      "TIMEOUT",
      `tcpdump has not translated it within ${PATIENCE / 1000} seconds`,
    );
  }
  const words = stderr.trim().split("\n").at(-1) ?? "";
  return new PacketFilterError("SYNTAX", words.replace(/^tcpdump: /, "") || error.message);
}
