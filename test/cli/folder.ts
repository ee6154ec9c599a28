/** Files for commands that run in this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the files of a test file. Its texts show `DIR` in its place. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "oftr-cli-"));

  /** Writes a file and gives its path. */
  file(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  /** A text with the folder's path replaced. */
  masked(text: string): string {
    return text.replaceAll(`${this.path}/`, "DIR/");
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
