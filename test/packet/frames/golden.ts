/** Frames written out by hand, and what they say. */

/** A frame and its fields, each as `NAME value`; lists as `NAME a,b`. */
export interface Golden {
  readonly name: string;
  readonly frame: Buffer;
  /** `_pkt`, X_PKT_POS included where there is a payload. */
  readonly fields: readonly string[];
  /** `_pkt_more`. */
  readonly more?: readonly string[];
  /** As few fields as needed to build the frame, padded to 60 bytes. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** Bytes of hexadecimal text; blanks, line ends and comments from `#` on do not count. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replace(/#.*$/gm, "").replace(/\s+/g, ""), "hex");
}

/** A frame as it goes over a wire: not shorter than 60 bytes. */
export function padded(frame: Buffer): Buffer {
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length))]);
}

/** Fields as lines. */
export function lines(items: readonly { readonly field: string; readonly value: unknown }[] = []): string[] {
  return items.map(({ field, value }) => `${field} ${String(value)}`);
}

/** Where the bytes of `_pkt_data` start: X_PKT_POS, or the end of the frame. */
export function payloadOf(
  frame: Buffer,
  items: readonly { readonly field: string; readonly value: unknown }[],
): string {
  const at = items.find(({ field }) => field === "X_PKT_POS")?.value as number | undefined;
  return at === undefined ? "" : frame.subarray(at).toString("hex");
}

export const MACS = ["ETH_DST 02:00:00:00:00:02", "ETH_SRC 02:00:00:00:00:01"];
export const GIVEN_MACS = { eth_dst: "02:00:00:00:00:02", eth_src: "02:00:00:00:00:01" };
export const HOSTS = ["IPV4_SRC 10.0.0.1", "IPV4_DST 10.0.0.2"];
export const GIVEN_HOSTS = { ...GIVEN_MACS, ipv4_src: "10.0.0.1", ipv4_dst: "10.0.0.2" };
export const HOSTS6 = ["IPV6_SRC fe80::1", "IPV6_DST fe80::2"];
export const GIVEN_HOSTS6 = { ...GIVEN_MACS, ipv6_src: "fe80::1", ipv6_dst: "fe80::2" };
