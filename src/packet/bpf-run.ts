// Runs a program of the classic Berkeley Packet Filter (McCanne and Jacobson, 1993) over a packet. A is the accumulator, X the
// index register; all numbers are unsigned and have 32 bits. A program was checked when it was read: jumps go forward only and
// stay inside, so each instruction runs once at most.
import { u16, u32 } from "../wire/index.js";
import { type BpfProgram, SCRATCH_WORDS, VLAN_TAG } from "./bpf-program.js";

/** Running is synchronous: one memory serves all. */
const scratch = new Uint32Array(SCRATCH_WORDS);

/**
 * What the program returns for the packet b[o, end): the bytes of it that are wanted, 0 for none. A program that reads
 * beyond the packet, or divides by zero, returns 0.
 */
export function runProgram(program: BpfProgram, b: Uint8Array, o: number, end: number): number {
  const { code, jt, jf, k } = program;
  const length = end - o;
  let a = 0;
  let x = 0;
  scratch.fill(0);
  for (let i = 0; i < code.length; i++) {
    const op = code[i]!;
    const n = k[i]!;
    switch (op & 7) {
      case 0: {
        // ld: the upper bits say what, 0x18 its width
        const mode = op & 0xe0;
        if (mode === 0x00) a = n;
        else if (mode === 0x60) a = scratch[n]!;
        else if (mode === 0x80) a = length;
        else if (mode === 0x20 && n >= VLAN_TAG) {
          // A frame in a message has its tags inside.
          a = 0;
        } else {
          const at = mode === 0x40 ? x + n : n;
          const width = op & 0x18;
          if (at + (width === 0x00 ? 4 : width === 0x08 ? 2 : 1) > length) return 0;
          a = width === 0x00 ? u32(b, o + at) : width === 0x08 ? u16(b, o + at) : b[o + at]!;
        }
        break;
      }
      case 1:
        // ldx; msh is the length of the IPv4 header at n
        if (op === 0x01) x = n;
        else if (op === 0x61) x = scratch[n]!;
        else if (op === 0x81) x = length;
        else if (n >= length) return 0;
        else x = (b[o + n]! & 15) * 4;
        break;
      case 2:
        scratch[n] = a;
        break;
      case 3:
        scratch[n] = x;
        break;
      case 4: {
        const operand = (op & 8) === 0 ? n : x;
        if (operand === 0 && ((op & 0xf0) === 0x30 || (op & 0xf0) === 0x90)) return 0;
        a = calculate(op & 0xf0, a, operand);
        break;
      }
      case 5: {
        if (op === 0x05) {
          i += n;
          break;
        }
        i += compare(op & 0xf0, a, (op & 8) === 0 ? n : x) ? jt[i]! : jf[i]!;
        break;
      }
      case 6:
        return op === 0x06 ? n : op === 0x16 ? a : x;
      default:
        if (op === 0x07) x = a;
        else a = x;
    }
  }
  return 0;
}

function calculate(op: number, a: number, n: number): number {
  switch (op) {
    case 0x00:
      return (a + n) >>> 0;
    case 0x10:
      return (a - n) >>> 0;
    case 0x20:
      return Math.imul(a, n) >>> 0;
    case 0x30:
      return Math.floor(a / n);
    case 0x40:
      return (a | n) >>> 0;
    case 0x50:
      return (a & n) >>> 0;
    case 0x60:
      return n > 31 ? 0 : (a << n) >>> 0;
    case 0x70:
      return n > 31 ? 0 : a >>> n;
    case 0x80:
      return -a >>> 0;
    case 0x90:
      return a % n;
    default:
      return (a ^ n) >>> 0;
  }
}

function compare(op: number, a: number, n: number): boolean {
  switch (op) {
    case 0x10:
      return a === n;
    case 0x20:
      return a > n;
    case 0x30:
      return a >= n;
    default:
      return (a & n) !== 0;
  }
}
