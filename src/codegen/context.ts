// What all emitters share: the model, its version groups, and the modules under construction.
import type { Definition, Groups, Model, Union } from "../schema/index.js";
import { pascal, versionSuffix } from "./naming.js";
import { SourceModule } from "./printer.js";

export type Direction = "decode" | "encode";

/** One run of the generator in one direction. */
export class Generation {
  readonly model: Model;
  readonly groups: Groups;
  readonly direction: Direction;
  readonly modules = new Map<string, SourceModule>();

  constructor(model: Model, groups: Groups, direction: Direction) {
    this.model = model;
    this.groups = groups;
    this.direction = direction;
  }

  /** The definition of a name that the checker has found to exist. */
  definition(name: string): Definition {
    const found = this.model.definitions.get(name);
    if (found === undefined) throw new Error(`no definition ${name}`);
    return found;
  }

  union(name: string): Union {
    const found = this.definition(name);
    if (found.kind !== "union") throw new Error(`${name} is not a union`);
    return found;
  }

  /** The module that the functions of a definition stand in. */
  moduleOf(name: string): SourceModule {
    const file = this.model.files.get(name) ?? "";
    const path = `codec/gen/${this.direction}/${file.replace(/\.yaml$/, "")}`;
    const module = this.modules.get(path) ?? new SourceModule(path, file);
    this.modules.set(path, module);
    return module;
  }

  /** The versions in which a unit exists, one per group: those that functions are emitted for. */
  groupVersions(id: string): number[] {
    return [...new Set((this.groups.get(id) ?? []).filter((v) => v !== undefined))];
  }

  /** The versions that share the group of `version`. */
  versionsOfGroup(id: string, version: number): number[] {
    const row = this.groups.get(id) ?? [];
    return row.flatMap((group, v) => (group !== undefined && group === row[version] ? [v] : []));
  }

  /** `FlowMod_1_0`: the name of a unit in a version, without suffix when all its versions share one group. */
  unitName(id: string, version: number): string {
    const row = this.groups.get(id) ?? [];
    const group = row[version];
    if (group === undefined) throw new Error(`${id} does not exist in wire version ${version}`);
    const name = this.model.definitions.get(id)?.kind === "message" ? `${pascal(id)}Message` : pascal(id);
    return this.groupVersions(id).length === 1 ? name : `${name}_${versionSuffix(group)}`;
  }

  /** Imports the function `verb + unit name + ending` into `into` and returns its name. */
  call(into: SourceModule, verb: string, id: string, version: number, ending = ""): string {
    const owner = id.split(".")[0] ?? id;
    return into.use(`${verb}${this.unitName(id, version)}${ending}`, this.moduleOf(owner).path);
  }

  exists(id: string, version: number): boolean {
    return this.groups.get(id)?.[version] !== undefined;
  }
}
