// Errors in the encodings of experimenters (Open vSwitch ofp-errors.h). From 1.2 on OpenFlow has a type for them; before, Nicira has one.
//
//   1.2+      | type 0xffff | error | experimenter |   data      1.0, 1.1  | type 0xb0c2 | 0 | experimenter | type | code |   data
import { vendorErrors } from "../gen/vendor-errors.js";

/** Type of errors of experimenters from 1.2 on. */
export const EXPERIMENTER = 0xffff;
/** The same of Nicira in 1.0 and 1.1. */
export const NICIRA = 0xb0c2;
/** First wire version in which OpenFlow itself has a type for them. */
export const FIRST_WITH_TYPE = 3;

/** An error in the encoding of an experimenter. */
export interface VendorError {
  readonly vendor: number;
  /** From 1.2 on the code beside the type; before, type << 16 | code. */
  readonly number: number;
}

/** The name of an error; undefined when none is known. */
export function vendorErrorName(version: number, vendor: number, number: number): string | undefined {
  const table = vendorErrors.find((one) => one.vendor === vendor);
  return table?.errors.find(([, numbers]) => numbers[version - 1] === number)?.[0];
}

/** What a name stands for in a version, and which enumeration has it in others; undefined when none has. */
export function vendorErrorNamed(
  version: number,
  name: string,
): (VendorError & { readonly type: string }) | { readonly type: string } | undefined {
  let lacking: { readonly type: string } | undefined;
  for (const { vendor, type, errors } of vendorErrors) {
    const numbers = errors.find(([one]) => one === name)?.[1];
    if (numbers === undefined) continue;
    const number = numbers[version - 1] ?? -1;
    if (number >= 0) return { vendor, number, type };
    lacking ??= { type };
  }
  return lacking;
}

/** All names, for suggestions. */
export function vendorErrorNames(): string[] {
  return vendorErrors.flatMap(({ errors }) => errors.map(([name]) => name));
}
