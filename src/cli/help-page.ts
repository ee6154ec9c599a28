/** The pages of `oftr help NAME`: what a message, a part of one, or a type of value looks like in YAML. */
import { ALL_VERSIONS, formatVersionRange, type Version } from "../base/index.js";
import type {
  Catalog,
  CatalogBody,
  CatalogCase,
  CatalogEntry,
  CatalogField,
  CatalogMessage,
  CatalogTlv,
  CatalogUnion,
  CatalogValue,
} from "../codec/catalog.js";
import { exampleVersion, formatExample, typeFacts } from "../reference/index.js";
import type { Topic } from "./help-names.js";
import { type Commented, comments, helpWidth, table, wrap } from "./help-text.js";

/** What pages are made with. */
export interface PageContext {
  readonly catalog: Catalog;
  /** Leave out explanations, summaries of types and examples. */
  readonly brief: boolean;
  /** Versions that can match a field. */
  readonly fieldVersions: (field: CatalogTlv) => readonly Version[];
}

/** The page of a topic; it ends with a line end. */
export function formatPage(topic: Topic, context: PageContext): string {
  const lines =
    topic.kind === "entry"
      ? entryPage(topic.entry, context)
      : topic.kind === "case"
        ? casePage(topic.union, topic.one, context)
        : tlvPage(topic.one, topic.table.name, context);
  return `${lines.join("\n").trimEnd()}\n`;
}

/** `OpenFlow 1.0-1.5`, `OpenFlow 1.1-1.3`. */
export function versionsText(versions: readonly Version[]): string {
  const range = formatVersionRange(versions);
  return `OpenFlow ${range === "all" ? "1.0-1.5" : range}`;
}

/** Versions of a case: `1.1+`, and behind a plus those that have it for some fields only. */
export function caseRange(c: CatalogCase): string {
  const partly = new Set(
    (c.older ?? []).flatMap(({ field, versions }) => (field === undefined ? [] : versions)),
  );
  const more = [...partly].filter((v) => !c.versions.includes(v)).sort();
  return [
    formatVersionRange(c.versions),
    ...(more.length === 0 ? [] : [`partly ${formatVersionRange(more)}`]),
  ].join(", ");
}

function entryPage(entry: CatalogEntry, context: PageContext): string[] {
  switch (entry.kind) {
    case "message":
      return messagePage(entry, context);
    case "struct":
      return [
        ...head(
          `${entry.name}: an object, ${versionsText(entry.body.versions)}`,
          entry,
          [["bytes", entry.size]],
          context,
        ),
        ...comments(bodyLines(entry.body, "")),
        ...typesOf(entry.body, context),
        ...exampleLines("Example", { example: entry.example }, context),
      ];
    case "union":
      return [
        ...head(`${entry.name}: one of several objects, told apart by ${entry.tag}`, entry, [], context),
        ...table(entry.cases.map((c) => [c.name, caseRange(c), c.doc])),
        ...pointer(`oftr help ${entry.cases[0]?.name ?? entry.name}`, "shows one of them", context),
      ];
    case "table":
      return [
        ...head(`${entry.name}: an object with ${entry.tag}, value and perhaps mask`, entry, [], context),
        ...table(entry.cases.map((c) => [c.name, c.mask ? `${c.type}, mask` : c.type, c.doc])),
        ...pointer(`oftr help ${entry.cases[0]?.name ?? entry.name}`, "shows one of them", context),
      ];
    case "number":
      return [
        ...head(`${entry.name}: a number, or a name`, entry, [], context),
        ...valueLines(entry.values, entry.also),
      ];
    case "enum":
      return [
        ...head(`${entry.name}: a name; values without one are hexadecimal texts`, entry, [], context),
        ...valueLines(entry.values, entry.also),
      ];
    case "flags":
      return [
        ...head(
          `${entry.name}: names in a list; bits without one are a hexadecimal text`,
          entry,
          [],
          context,
        ),
        ...valueLines(entry.values, entry.also),
      ];
    case "code":
      return [
        ...head(
          `${entry.name}: a name, by ${entry.by}; values without one are hexadecimal texts`,
          entry,
          [],
          context,
        ),
        ...Object.entries(entry.values).flatMap(([by, values]) => [`${by}:`, ...valueLines(values, {})]),
        ...alsoLines(entry.also),
      ];
    case "scalar":
      return [...head(`${entry.name}: a value`, entry, [], context), ...alsoLines(entry.also ?? {})];
  }
}

/** Name, sentence, and a small table of facts. */
function head(
  title: string,
  named: { readonly doc: string; readonly spec: string },
  facts: readonly (readonly [string, string])[],
  context: PageContext,
): string[] {
  if (context.brief) return [title];
  const all = [...facts, ...(named.spec === "" ? [] : [["specification", named.spec] as const])];
  return [title, ...wrap(named.doc, helpWidth()), "", ...(all.length === 0 ? [] : [...table(all), ""])];
}

function pointer(command: string, what: string, context: PageContext): string[] {
  return context.brief ? [] : ["", `${command}   ${what}`];
}

function messagePage(m: CatalogMessage, context: PageContext): string[] {
  const kind = m.part === undefined ? "a message" : `a multipart ${m.part}`;
  const facts = [...typeFacts(m), ["bytes", m.size] as const];
  const lines: Commented[] = [
    { code: `type: ${m.name}`, comment: "" },
    { code: "xid: UInt32", comment: "Default 0." },
    { code: "version: UInt8", comment: wireVersions(m.body.versions) },
    ...(m.part === undefined ? [] : [{ code: "flags: [MessageFlags]", comment: "Default []." }]),
    ...msgLines(m),
  ];
  return [
    ...head(`${m.name}: ${kind}, ${versionsText(m.body.versions)}`, m, facts, context),
    ...comments(lines),
    ...typesOf(m.body, context),
    ...exampleLines("Example", { version: exampleVersion(m.body.versions), example: m.example }, context),
  ];
}

/** `1 to 6`, as the header has them. */
function wireVersions(versions: readonly Version[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  return first === last ? `${first}.` : `${first} to ${last}.`;
}

function msgLines(m: CatalogMessage): Commented[] {
  const comment = m.optional ? "May be missing." : "";
  if (m.body.list !== undefined) return [{ code: `msg: [${m.body.list}]`, comment }];
  if (m.body.inline !== undefined && m.body.fields.length === 0)
    return [{ code: `msg: ${m.body.inline}`, comment }];
  if (m.body.fields.length === 0) return [{ code: "msg: {}", comment }];
  return [{ code: "msg:", comment }, ...bodyLines(m.body, "  ")];
}

function bodyLines(body: CatalogBody, indent: string): Commented[] {
  return [
    ...body.fields.map((f) => ({ code: `${indent}${f.name}: ${f.type}`, comment: fieldComment(f, body) })),
    ...(body.inline === undefined ? [] : [{ code: `${indent}(keys of a ${body.inline})`, comment: "" }]),
  ];
}

function fieldComment(f: CatalogField, body: CatalogBody): string {
  const parts = [needText(f, body), f.doc];
  if (f.carried !== undefined && f.carried.length > 0) {
    const range = formatVersionRange(f.carried);
    const only = (f.only ?? []).flatMap(({ value }) => (value === "[]" ? [] : [value])).join(" or ");
    if (f.ignorable) parts.push(`Only ${range} has it; others drop it.`);
    else parts.push(only === "" ? `Only in ${range}.` : `Only in ${range}; others take ${only} alone.`);
  }
  return parts.filter((part) => part !== "").join(" ");
}

function needText(f: CatalogField, body: CatalogBody): string {
  if (f.derived) return "Printed only.";
  if (f.orPacket) return "Required where no packet is given.";
  if (f.required !== undefined) {
    return f.required.length === body.versions.length
      ? "Required."
      : `Required in ${formatVersionRange(f.required)}, otherwise ${f.assumed ?? "optional"}.`;
  }
  return f.assumed === undefined ? "Optional." : `Default ${f.assumed}.`;
}

// ---- cases and fields

function casePage(union: CatalogUnion, c: CatalogCase, context: PageContext): string[] {
  const older = (c.older ?? []).map(({ name, versions, field }) => {
    const of = field === undefined ? "" : ` of ${field}`;
    return `${name}${of} (${formatVersionRange(versions)})`;
  });
  const facts = [
    ["type", c.code] as const,
    ["bytes", c.size] as const,
    ...(older.length === 0 ? [] : [["in older versions", older.join(", ")] as const]),
  ];
  const or = `Or ${c.name}, and experimenter as a key.`;
  const tag = { code: `${union.tag}: ${c.spelling ?? c.name}`, comment: c.spelling === undefined ? "" : or };
  return [
    ...head(
      `${union.name}.${c.name}: one kind of ${union.name}, ${versionsText(c.versions)}`,
      c,
      facts,
      context,
    ),
    ...comments([tag, ...bodyLines(c.body, "")]),
    ...typesOf(c.body, context),
    ...exampleLines("Example", { example: c.example }, context),
  ];
}

function tlvPage(c: CatalogTlv, tableName: string, context: PageContext): string[] {
  const versions =
    tableName === "Field" ? context.fieldVersions(c) : ALL_VERSIONS.filter((v) => v >= c.since);
  const facts: (readonly [string, string])[] = [
    ["id", c.id],
    ["bytes", c.size],
    ["mask", c.mask ? "yes" : "no"],
  ];
  if (c.needs.length > 0) facts.push(["needs in the match", c.needs.join(", ")]);
  if (c.also.length > 0) facts.push(["also called", c.also.join(", ")]);
  const lines: Commented[] = [
    { code: `field: ${c.name}`, comment: "" },
    { code: `value: ${c.type}`, comment: "" },
    ...(c.mask ? [{ code: `mask: ${c.type}`, comment: "Optional. Bits of value that count." }] : []),
    ...(c.option === undefined
      ? []
      : [
          {
            code: `option: ${c.option}`,
            comment: "Optional. Which one it is, where the connection knows it.",
          },
        ]),
  ];
  const fields = [c.type, c.option ?? []].flat().map((type) => ({ name: "value", type, doc: "" }));
  const body = { versions, fields };
  const what = tableName === "Field" ? "Example of a match" : "Example";
  return [
    ...head(`${c.name}: one kind of ${tableName}, ${versionsText(versions)}`, c, facts, context),
    ...comments(lines),
    ...typesOf(body, context),
    ...exampleLines(what, { example: c.example }, context),
  ];
}

function exampleLines(
  title: string,
  shown: { version?: Version; example: unknown },
  context: PageContext,
): string[] {
  if (context.brief) return [];
  return ["", `${title}:`, ...formatExample(shown.example, shown.version).map((line) => `  ${line}`)];
}

// ---- types

/** What the types of a body's keys are, in a line or two each. */
function typesOf(body: CatalogBody, context: PageContext): string[] {
  if (context.brief) return [];
  const names = [...body.fields.map((f) => f.type.replace(/[[\]]/g, "")), body.list, body.inline];
  const rows = [...new Set(names)].flatMap((name) => {
    const entry = context.catalog.entries.find((one) => one.name === name);
    return entry === undefined ? [] : [[entry.name, summary(entry)]];
  });
  return rows.length === 0 ? [] : ["", "Types:", ...table(rows)];
}

/** Most names that a summary shows. */
const MAX_NAMES = 40;

function summary(entry: CatalogEntry): string {
  const more = `oftr help ${entry.name}`;
  switch (entry.kind) {
    case "number":
      return `number | ${namesOf(entry.values)}`;
    case "enum":
      return entry.values.length > MAX_NAMES ? `${entry.doc} (${more})` : namesOf(entry.values);
    case "flags":
      return entry.values.length > MAX_NAMES
        ? `${entry.doc} (${more})`
        : `[${entry.values.map(({ name }) => name).join(", ")}]`;
    case "scalar":
      return entry.doc;
    default:
      return `${entry.doc} (${more})`;
  }
}

function namesOf(values: readonly CatalogValue[]): string {
  return values.map(({ name }) => name).join(" | ");
}

function valueLines(values: readonly CatalogValue[], also: Readonly<Record<string, string>>): string[] {
  const rows = values.map(({ name, value, versions, doc }) => {
    const range =
      versions.length === ALL_VERSIONS.length || value.includes("(")
        ? ""
        : `only ${formatVersionRange(versions)}`;
    return [name, value, [range, doc].filter((part) => part !== "").join(". ")];
  });
  return [...table(rows), ...alsoLines(also)];
}

function alsoLines(also: Readonly<Record<string, string>>): string[] {
  const rows = Object.entries(also).map(([name, of]) => [name, `read as ${of}`]);
  return rows.length === 0 ? [] : ["", ...table(rows)];
}
