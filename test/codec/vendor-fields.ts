/** The match fields that Open vSwitch knows, from vendor-fields.yaml. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** One field. */
export interface VendorField {
  readonly name: string;
  readonly oxmClass: number;
  readonly field: number;
  readonly experimenter: number | undefined;
  readonly bytes: number;
  readonly bits: number;
  readonly mask: boolean;
  readonly needs: string;
}

const RANGE = /\{(\d+)\.\.(\d+)\}/;

/** All 237 of them. */
export const vendorFields: readonly VendorField[] = readFields();

function readFields(): VendorField[] {
  const file = readFileSync(new URL("vendor-fields.yaml", import.meta.url), "utf8");
  return Object.entries(parse(file) as Record<string, string>).flatMap(([key, row]) => {
    const range = RANGE.exec(key);
    const count = range ? Number(range[2]) - Number(range[1]) + 1 : 1;
    const nth = (text: string, i: number): string =>
      text.replace(RANGE, (_, first: string) => String(Number(first) + i));
    return Array.from({ length: count }, (_, i): VendorField => {
      const [id = "", bytes, bits, ...rest] = nth(row, i).split(" ");
      const [oxmClass, field, experimenter] = id.split(".");
      return {
        name: nth(key, i),
        oxmClass: Number(oxmClass),
        field: Number(field),
        experimenter: experimenter === undefined ? undefined : Number(experimenter),
        bytes: Number(bytes),
        bits: Number(bits),
        mask: rest[0] === "mask",
        needs: rest.at(-1)?.replace("mask", "") ?? "",
      };
    });
  });
}

/** The TLV with a value, and perhaps a mask, of these bytes. */
export function tlvOf({ oxmClass, field, experimenter }: VendorField, value: Buffer, mask?: Buffer): Buffer {
  const own = Buffer.alloc(experimenter === undefined ? 0 : 4);
  if (experimenter !== undefined) own.writeUInt32BE(experimenter);
  const payload = Buffer.concat([own, value, mask ?? Buffer.alloc(0)]);
  const head = Buffer.from([oxmClass >> 8, oxmClass & 0xff, field * 2 + (mask ? 1 : 0), payload.length]);
  return Buffer.concat([head, payload]);
}
