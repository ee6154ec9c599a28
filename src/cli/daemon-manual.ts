/** What the man page of `oftr jsonrpc` says besides its options: made of the tables that the daemon works with. */
import { LIMITS, type LimitSpec } from "../base/index.js";
import { SETTING_NAMES, settingOf, variableOf } from "../ops/index.js";
import type { ManualSection } from "./command.js";

/** Variables, keys of the configuration file, limits. */
export function daemonManual(): ManualSection[] {
  const inFile = SETTING_NAMES.filter((name) => settingOf(name).outsideOnly !== true);
  return [
    {
      title: "ENVIRONMENT",
      entries: SETTING_NAMES.map((name) => [
        variableOf(name),
        settingOf(name).form === "many"
          ? `As --${name}; blanks stand between the elements of the list.`
          : `As --${name}.`,
      ]),
    },
    {
      title: "CONFIGURATION FILE",
      entries: inFile.map((name) => {
        const { form, value } = settingOf(name);
        if (form === "flag") return [`${name}: true`, `As --${name}.`];
        if (form === "one") return [`${name}: ${value}`, `As --${name}.`];
        return [`${name}: [${value}, ...]`, `As --${name}, once for each element of the list.`];
      }),
    },
    { title: "LIMITS", entries: Object.values(LIMITS).map((limit) => [limit.name, describeLimit(limit)]) },
  ];
}

function describeLimit({ doc, default: value, min, max, unit }: LimitSpec): string {
  const unitName = unit === "count" ? "" : unit === "ms" ? " milliseconds" : " bytes";
  return `${doc} Default: ${value}${unitName}; ${min} to ${max}.`;
}
