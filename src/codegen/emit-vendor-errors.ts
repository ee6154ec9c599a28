// Errors in the encodings of experimenters, by name.
import type { Model } from "../schema/index.js";
import { quote } from "./naming.js";
import { SourceModule } from "./printer.js";

/** Emits gen/vendor-errors.ts. */
export function emitVendorErrors(model: Model): SourceModule {
  const module = new SourceModule("codec/gen/vendor-errors", "*");
  const tables = [...model.definitions.values()].flatMap((d) => {
    if (d.kind !== "enum" || d.vendor === undefined) return [];
    const rows = [...d.values].map(
      ([name, by]) => `      [${quote(name)}, [${[1, 2, 3, 4, 5, 6].map((v) => by[v] ?? -1).join(", ")}]],`,
    );
    return [
      `  {\n    vendor: ${d.vendor},\n    type: ${quote(d.name)},\n    errors: [\n${rows.join("\n")}\n    ],\n  },`,
    ];
  });
  module.add(
    [
      "/** Errors of one experimenter. */",
      "export interface VendorErrors {",
      "  readonly vendor: number;",
      "  /** Name of the enumeration, for errors. */",
      "  readonly type: string;",
      "  /** Name, and numbers by version from 1.0 on; -1 where a version has none. */",
      "  readonly errors: readonly (readonly [name: string, numbers: readonly number[]])[];",
      "}",
      "",
      `export const vendorErrors: readonly VendorErrors[] = [\n${tables.join("\n")}\n];`,
    ].join("\n"),
  );
  return module;
}
