// The checker: what the schema language refuses, one rule a function. A model without problems is fit for the generator.
import type { SchemaError } from "../base/index.js";
import { constantsFit, omitsFit } from "./check-constants.js";
import {
  citedKeysExist,
  fieldsOnce,
  inlinesFit,
  numberedFits,
  packetsFit,
  rowsNameFields,
  sinceHasDefault,
} from "./check-keys.js";
import { aliasesFit, bitsUnique, codeTablesExist, numbersFit, valuesUnique } from "./check-names.js";
import {
  allUsed,
  docsAndSpecs,
  kindsFit,
  type Natives,
  namesDiffer,
  nativesExist,
  structsEnd,
  typesExist,
} from "./check-references.js";
import { Report, type Rule } from "./check-report.js";
import {
  conditionsFit,
  lengthsFit,
  messagesFound,
  morePrecedesRest,
  nothingAfterRest,
  residuesFit,
  sizesAddUp,
  variablesCited,
} from "./check-rows.js";
import {
  rpcDefaultsFit,
  rpcExamplesFit,
  rpcNamed,
  rpcRecordsEnd,
  rpcTypesExist,
  rpcUsed,
} from "./check-rpc.js";
import { definitionsSpelled, keysSpelled } from "./check-spelling.js";
import {
  copiesFit,
  hoistsArePlain,
  hoistsFit,
  movesFit,
  needsExist,
  optionsFit,
  restsFit,
  tlvIdsUnique,
  tlvWidthsFit,
} from "./check-tlvs.js";
import {
  codesUnique,
  commonIsPlain,
  headersFit,
  paddingFits,
  spellingsFit,
  tagFormsFit,
  tagsFree,
  tagsUnique,
  typesUnique,
} from "./check-unions.js";
import { erasCover, repliesExist, structsExist } from "./check-versions.js";
import { shapesAreNative, widthsFit } from "./check-widths.js";
import type { Model } from "./model.js";

export type { Natives } from "./check-references.js";

/** Rules that others rely on: with a struct that contains itself nothing has a size. */
const FIRST: readonly Rule[] = [structsEnd, rpcRecordsEnd];

const RULES: readonly Rule[] = [
  typesExist,
  kindsFit,
  allUsed,
  docsAndSpecs,
  namesDiffer,
  definitionsSpelled,
  keysSpelled,
  erasCover,
  structsExist,
  repliesExist,
  rowsNameFields,
  fieldsOnce,
  sinceHasDefault,
  inlinesFit,
  numberedFits,
  citedKeysExist,
  packetsFit,
  nothingAfterRest,
  lengthsFit,
  variablesCited,
  conditionsFit,
  morePrecedesRest,
  messagesFound,
  residuesFit,
  sizesAddUp,
  widthsFit,
  shapesAreNative,
  codesUnique,
  typesUnique,
  headersFit,
  paddingFits,
  commonIsPlain,
  tagsFree,
  tagFormsFit,
  tagsUnique,
  spellingsFit,
  hoistsFit,
  hoistsArePlain,
  restsFit,
  copiesFit,
  movesFit,
  tlvIdsUnique,
  optionsFit,
  tlvWidthsFit,
  needsExist,
  valuesUnique,
  bitsUnique,
  numbersFit,
  aliasesFit,
  codeTablesExist,
  constantsFit,
  omitsFit,
  rpcTypesExist,
  rpcUsed,
  rpcNamed,
  rpcDefaultsFit,
  rpcExamplesFit,
];

/**
 * Everything that is wrong with a model, by file, line and column; empty when it is fit for the generator.
 * @param natives  names of the hand-written functions; undefined: any name will do
 */
export function checkModel(model: Model, natives?: Natives): SchemaError[] {
  const first = run(FIRST, model);
  if (first.length > 0) return first;
  return run(natives === undefined ? RULES : [...RULES, nativesExist(natives)], model);
}

function run(rules: readonly Rule[], model: Model): SchemaError[] {
  const report = new Report();
  for (const rule of rules) rule(model, report);
  return report.problems();
}
