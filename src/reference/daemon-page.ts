// The page about the daemon: its settings, limits and metrics, each from the table that the daemon itself works with.
import { LIMITS, type LimitSpec, type LimitUnit } from "../base/index.js";
import { systemClock } from "../channel/index.js";
import { metricFamilies, SETTING_NAMES, type SettingName, settingOf, variableOf } from "../ops/index.js";
import { Gateway } from "../rpc/index.js";
import { mdCode, mdTable, mdText } from "./markdown.js";

/** Its path below docs/reference. */
export const DAEMON_PAGE = "daemon.md";

/** The page. The same tables give the same page. */
export function daemonPage(): string {
  return [
    "<!-- Made by `npm run docs` from src/base/limits.ts and src/ops/. Do not edit. -->",
    "# The daemon: settings, limits, metrics",
    "",
    "`docs/operations.md` says how they are used.",
    "",
    "## Settings",
    "",
    "Options of `oftr jsonrpc`, variables of the environment, keys of the file. What stands further left goes first.",
    "",
    ...settingsTable(),
    "`--NAME` without a value, where it may stand so, is the value in brackets. In a variable, elements of a list stand between blanks.",
    "",
    "## Limits",
    "",
    "`--limit=NAME=VALUE`, or below `limit:` in the file. Bytes may be written as 64K, 16M or 1G, times as 500ms, 5s or 1min.",
    "",
    ...mdTable(
      ["limit", "default", "range", ""],
      Object.values(LIMITS).map((limit) => [
        mdCode(limit.name),
        amount(limit.default, limit.unit),
        `${amount(limit.min, limit.unit)} to ${amount(limit.max, limit.unit)}`,
        mdText(limit.doc),
      ]),
    ),
    "## Metrics",
    "",
    "What `/metrics` tells, in Prometheus' text format. Without anything to tell, a metric is left out.",
    "",
    ...mdTable(["metric", "type", ""], metricRows()),
  ].join("\n");
}

function settingsTable(): string[] {
  const rows = SETTING_NAMES.map((name) => {
    const { value, doc, absent, bare, outsideOnly, live } = settingOf(name);
    const notes = [
      absent === "" ? "" : `Default: ${absent}.`,
      live === true ? "SIGHUP changes it." : "",
    ].filter((note) => note !== "");
    return [
      mdCode(option(name, value, bare)),
      mdCode(variableOf(name)),
      outsideOnly === true ? "" : mdCode(name),
      [`${capital(mdText(doc))}.`, ...notes].join(" "),
    ];
  });
  return mdTable(["option", "variable", "key", ""], rows);
}

function option(name: SettingName, value: string, bare: string | undefined): string {
  if (value === "") return `--${name}`;
  return bare === undefined ? `--${name}=${value}` : `--${name}[=${value}] [${bare}]`;
}

function metricRows(): string[][] {
  const gateway = new Gateway({ clock: systemClock(), softwareDescription: "" });
  const rows = metricFamilies(gateway).map(({ name, type, help }) => [mdCode(name), type, mdText(help)]);
  gateway.close();
  return rows;
}

const UNITS: readonly (readonly [factor: number, unit: string])[] = [
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
];

function amount(value: LimitSpec["min"], unit: LimitUnit): string {
  if (unit === "ms") return value % 1000 === 0 ? `${value / 1000} s` : `${value} ms`;
  if (unit === "count") return String(value);
  const [factor, name] = UNITS.find(([size]) => value >= size && value % size === 0) ?? [1, "bytes"];
  return `${value / factor} ${name}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
