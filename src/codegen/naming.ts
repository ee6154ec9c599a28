// Names of generated things, made from names of the schema.
import { type Version, versionName } from "../base/index.js";

/** `FLOW_MOD` → `FlowMod`, `Action.SET_FIELD` → `ActionSetField`, `PortOptical` stays. */
export function pascal(id: string): string {
  return id
    .split(/[._-]/)
    .map((word) =>
      /[a-z]/.test(word)
        ? word.charAt(0).toUpperCase() + word.slice(1)
        : word.charAt(0) + word.slice(1).toLowerCase(),
    )
    .join("");
}

/** `in_port` → `inPort`. */
export function camel(name: string): string {
  const words = pascal(name.replace(/^[_$]+/, ""));
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** `match_1_0` → `Match_1_0`: the part of a native function's name after its verb. */
export function nativeName(fn: string): string {
  return fn
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("_")
    .replace(/_(?=[A-Z])/g, "");
}

/** `1_3` for wire version 4. */
export function versionSuffix(version: number): string {
  return versionName(version as Version).replace(".", "_");
}

/** A TypeScript string literal. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** 8-digit hex for numbers that read better so. */
export function hex(n: number): string {
  return `0x${n.toString(16)}`;
}
