// Programs of the classic Berkeley Packet Filter, as `tcpdump -ddd` prints them: a count, then "code jt jf k" on each line.
// A program is checked once, when it is read, and can then be run without a look at what it does (bpf-run.ts).
import { OftrError } from "../base/index.js";

/** Longest program, instructions: what Linux takes (BPF_MAXINSNS). */
export const MAX_INSTRUCTIONS = 4096;

/** Words of scratch memory (BPF_MEMWORDS). */
export const SCRATCH_WORDS = 16;

/** A program that was checked: instruction number i is code[i], jt[i], jf[i], k[i]. */
export interface BpfProgram {
  readonly code: Uint16Array;
  /** How many instructions are left out when a comparison holds, and when it does not. */
  readonly jt: Uint8Array;
  readonly jf: Uint8Array;
  readonly k: Uint32Array;
}

/**
 * A packet filter that cannot be used. SYNTAX: tcpdump refuses the text; MISSING: there is no tcpdump; TIMEOUT: it does not
 * answer; PROGRAM: it is no program that can be run.
 */
export class PacketFilterError extends OftrError<"SYNTAX" | "MISSING" | "TIMEOUT" | "PROGRAM"> {
  override readonly name = "PacketFilterError";
}

const LOADS = [0x00, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x60, 0x80, 0x01, 0x61, 0x81, 0xb1];
const STORES = [0x02, 0x03];
const ARITHMETIC = [0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0x94, 0xa4];
const JUMPS = [0x15, 0x25, 0x35, 0x45];
const RETURNS = [0x06, 0x0e, 0x16];
const JUMP = 0x05;
/** Set in a code whose second operand is X instead of k. */
const X = 0x08;

const KNOWN = new Set([
  ...[...LOADS, ...STORES, ...RETURNS, JUMP, 0x84, 0x07, 0x87],
  ...[...ARITHMETIC, ...JUMPS].flatMap((code) => [code, code | X]),
]);
/** Instructions whose k is a word of scratch memory. */
const SCRATCH = new Set([0x60, 0x61, 0x02, 0x03]);
/** Divisions and remainders by k, and shifts by k. */
const DIVISIONS = new Set([0x34, 0x94]);
const SHIFTS = new Set([0x64, 0x74]);
const ABSOLUTE = new Set([0x20, 0x28, 0x30]);

/** Loads from here on ask the kernel of Linux for what is not in the packet (SKF_AD_OFF). */
const ANCILLARY = 0xfffff000;
/** Tag of a VLAN that the network card took out of the frame, and whether it did (SKF_AD_VLAN_TAG, .._TAG_PRESENT). */
export const VLAN_TAG = ANCILLARY + 44;
export const VLAN_TAG_PRESENT = ANCILLARY + 48;

/** Reads and checks a program. Throws PacketFilterError PROGRAM. */
export function readProgram(text: string): BpfProgram {
  const lines = text.split("\n").filter((line) => line !== "");
  const count = Number(lines[0]);
  if (!/^\d+$/.test(lines[0] ?? "") || count !== lines.length - 1) {
    throw bad(`${lines.length - 1} instructions after a count of ${JSON.stringify(lines[0] ?? "")}`);
  }
  if (count === 0 || count > MAX_INSTRUCTIONS) {
    throw bad(`${count} instructions, can have 1 to ${MAX_INSTRUCTIONS}`);
  }
  const code = new Uint16Array(count);
  const jt = new Uint8Array(count);
  const jf = new Uint8Array(count);
  const k = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const line = lines[i + 1] as string;
    const numbers = /^\d+ \d+ \d+ \d+$/.test(line) ? line.split(" ").map(Number) : [];
    [code[i], jt[i], jf[i], k[i]] = numbers as [number, number, number, number];
    const same =
      code[i] === numbers[0] && jt[i] === numbers[1] && jf[i] === numbers[2] && k[i] === numbers[3];
    if (!same) throw bad(`instruction ${i}: "${line.slice(0, 60)}" is none`);
  }
  const program = { code, jt, jf, k };
  for (let i = 0; i < count; i++) checkInstruction(program, i);
  if (!RETURNS.includes(code[count - 1]!)) throw bad("the last instruction does not return");
  return program;
}

/** What an instruction could do wrong: leave the program or the scratch memory, divide by zero, ask what nobody knows. */
function checkInstruction({ code, jt, jf, k }: BpfProgram, i: number): void {
  const op = code[i]!;
  const operand = k[i]!;
  const left = code.length - i - 1;
  if (!KNOWN.has(op)) throw bad(`instruction ${i}: code ${op} is not known`);
  // Jumps count from the next instruction on and are never negative: a program ends.
  if (op === JUMP && operand > 0x7fffffff) {
    throw bad("jumps backwards, as those of protochain do, and might never end");
  }
  if (op === JUMP && operand >= left) throw bad(`instruction ${i}: jumps out of the program`);
  if (JUMPS.includes(op & ~X) && Math.max(jt[i]!, jf[i]!) >= left) {
    throw bad(`instruction ${i}: jumps out of the program`);
  }
  if (SCRATCH.has(op) && operand >= SCRATCH_WORDS) throw bad(`instruction ${i}: no scratch word ${operand}`);
  if (DIVISIONS.has(op) && operand === 0) throw bad(`instruction ${i}: divides by zero`);
  if (SHIFTS.has(op) && operand > 31) throw bad(`instruction ${i}: shifts by ${operand} bits`);
  if (ABSOLUTE.has(op) && operand >= ANCILLARY && operand !== VLAN_TAG && operand !== VLAN_TAG_PRESENT) {
    throw bad(
      "asks for what only the system that captures a packet knows, such as its direction or interface",
    );
  }
}

function bad(detail: string): PacketFilterError {
  return new PacketFilterError("PROGRAM", `filter program: ${detail}`);
}
