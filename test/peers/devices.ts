/** The right to make network devices. */
import { readFileSync, statSync } from "node:fs";

const CAP_NET_ADMIN = 12n;

/** Whether this process may make a network device. */
export function mayMakeDevices(): boolean {
  if (!statSync("/dev/net/tun", { throwIfNoEntry: false })?.isCharacterDevice()) return false;
  const rights = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return ((BigInt(`0x${rights}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}
