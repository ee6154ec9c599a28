// Rules about how names are spelled: they become names of functions, keys of objects, words of messages.
import { ownParts, partsOf, type Report, type Rule } from "./check-report.js";
import type { Place } from "./tree.js";

const KEY = /^_?[a-z][a-z0-9_]*$/;
const DEFINITION = /^[A-Z][A-Za-z0-9_]*$/;
const VALUE = /^[A-Z0-9][A-Za-z0-9_]*$/;
const FUNCTION = /^[a-z][a-z0-9_]*$/;

function demand(report: Report, form: RegExp, name: string, what: string, at: Place): void {
  if (!form.test(name))
    report.say(
      at,
      `"${name}" cannot be the name of ${what}: it is not of the form ${form.source.slice(1, -1)}`,
    );
}

/** Definitions and cases start with a capital; names of values may start with a digit. */
export const definitionsSpelled: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    demand(report, DEFINITION, d.name, "a definition", d.at);
    const values =
      d.kind === "enum"
        ? [...d.values.keys(), ...d.also.keys()]
        : d.kind === "flags"
          ? [...d.bits.keys(), ...d.also.keys()]
          : d.kind === "number"
            ? [...d.names.keys(), ...d.also.keys()]
            : d.kind === "scalar"
              ? [...d.also.keys()]
              : d.kind === "code"
                ? [...[...d.values.values()].flatMap((table) => [...table.keys()]), ...d.also.keys()]
                : [];
    for (const name of values) demand(report, VALUE, name, `a value of ${d.name}`, d.at);
    if (d.kind === "union" || d.kind === "tlv_table") {
      demand(report, KEY, d.tag, `the tag of ${d.name}`, d.at);
      for (const c of d.cases) demand(report, DEFINITION, c.name, `a case of ${d.name}`, c.at);
    }
    if (d.kind === "tlv_table")
      for (const alias of d.aliases.keys()) demand(report, DEFINITION, alias, `a case of ${d.name}`, d.at);
  }
};

/** JSON keys are words of small letters; so are native functions. */
export const keysSpelled: Rule = (model, report) => {
  for (const part of partsOf(model)) {
    for (const spelling of part.case?.as ?? []) demand(report, KEY, spelling.key, "a key", part.at);
  }
  for (const part of ownParts(model)) {
    for (const f of part.unit.json) {
      if (!f.inline) demand(report, KEY, f.name, "a key", f.at);
      if (f.derived) demand(report, FUNCTION, f.derived.fn, "a native function", f.at);
    }
    for (const row of part.versions.flatMap((v) => part.unit.rows[v] ?? [])) {
      if (row.kind === "native") demand(report, FUNCTION, row.fn, "a native function", row.at);
      if (row.kind === "variable") demand(report, FUNCTION, row.name.slice(1), "a wire variable", row.at);
      if (row.kind !== "field") continue;
      if (row.width.kind === "native") demand(report, FUNCTION, row.width.fn, "a native function", row.at);
      if (row.residue !== undefined) demand(report, KEY, row.residue, "a key", row.at);
    }
  }
};
