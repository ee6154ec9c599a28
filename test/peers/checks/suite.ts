/** What all checks of a bridge of Open vSwitch share. */
import { beforeEach } from "vitest";
import type { Lab } from "../lab.js";

/** One bridge in one version of OpenFlow. */
export interface Suite {
  /** Wire version, 1..6. */
  readonly version: number;
  /** The bridge and the daemon that serves it; to be called in tests only. */
  readonly lab: () => Lab;
}

/** Wire versions by name. */
export const V1_0 = 1;
export const V1_1 = 2;
export const V1_2 = 3;
export const V1_3 = 4;
export const V1_4 = 5;
export const V1_5 = 6;

/** An ARP request, 60 bytes. */
export const ARP_FRAME = `ffffffffffff0200000000a1080600010800060400010200000000a10a0000010000000000000a000002${"00".repeat(18)}`;

/** A number that no port can have: between the last one and the reserved ones. */
export const NO_PORT = 0xffff_ff01;

/** Removes flows, groups, meters and unread events before each test of a block. */
export function resetBefore({ lab }: Suite): void {
  beforeEach(() => lab().reset());
}
