// Source text under construction: modules with their imports, functions with their indentation.
import { dirname, relative } from "node:path/posix";

/** Collects one generated file. Paths are relative to src/, without ending. */
export class SourceModule {
  readonly path: string;
  readonly #origin: string;
  readonly #imports = new Map<string, Set<string>>();
  readonly #parts: string[] = [];
  readonly #declared = new Set<string>();

  /** @param origin  the schema file that it is made from */
  constructor(path: string, origin: string) {
    this.path = path;
    this.#origin = origin;
  }

  /** Makes `name` of another module known here and returns it. `type ` before the name imports a type. */
  use(name: string, from: string): string {
    if (from !== this.path) {
      const names = this.#imports.get(from) ?? new Set<string>();
      this.#imports.set(from, names.add(name));
    }
    return name.replace(/^type /, "");
  }

  /** Adds a declaration. */
  add(source: string): void {
    this.#parts.push(source);
  }

  /** Adds a declaration under a name, unless it is there already. */
  once(name: string, source: () => string): void {
    if (this.#declared.has(name)) return;
    this.#declared.add(name);
    this.#parts.push(source());
  }

  get empty(): boolean {
    return this.#parts.length === 0;
  }

  toString(): string {
    const imports = [...this.#imports]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, names]) => {
        const path = relative(dirname(this.path), from);
        const list = [...names]
          .sort((a, b) => (a.replace("type ", "") < b.replace("type ", "") ? -1 : 1))
          .join(", ");
        return `import { ${list} } from "${path.startsWith(".") ? path : `./${path}`}.js";`;
      });
    return [
      `// Generated from schemas/${this.#origin}. Do not edit.`,
      ...imports,
      "",
      this.#parts.join("\n\n"),
      "",
    ].join("\n");
  }
}

/** Lines of one function body. */
export class Lines {
  readonly #lines: string[] = [];
  #depth = 1;

  add(line: string): void {
    this.#lines.push(line === "" ? "" : "  ".repeat(this.#depth) + line);
  }

  /** Adds a line that opens a block. */
  open(line: string): void {
    this.add(line);
    this.#depth++;
  }

  /** Closes the block, perhaps opening another: `} else {`. */
  close(line = "}"): void {
    this.#depth--;
    this.add(line);
    if (line.endsWith("{")) this.#depth++;
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}
