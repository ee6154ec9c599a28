/** `--follow`: a file that is being written is read on, as `tail -F` does. */
import { type FSWatcher, fstatSync, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { tell } from "./failures.js";
import { type Input, peekInput, readInput } from "./input.js";
import { onStop } from "./stop-signals.js";

/** Milliseconds after which a file is looked at that nothing was told of: not all file systems tell. */
const POLL = 1000;

/** Reads one file, by its name, until a signal comes. Must be released. */
export class Follower {
  /** A signal has come. */
  stopped = false;
  #anew = false;
  readonly #watcher: FSWatcher | undefined;
  readonly #release: () => void;
  #wake: () => void = () => undefined;
  /** Something was told of the file since it was last looked at. */
  #changed = false;
  /** Bytes of the open file that `read` has given. */
  #position = 0;

  constructor(name: string) {
    this.#watcher = watchFile(name, () => this.#look());
    this.#release = onStop(undefined, () => {
      this.stopped = true;
      this.#look();
    });
  }

  /** True once where the file that was read has ended, because another one of its name begins. */
  beginsAnew(): boolean {
    const anew = this.#anew;
    this.#anew = false;
    return anew;
  }

  /** Begins a file that was just opened: waits until it has `n` bytes, which are read again. Throws the error of the system. */
  async begin(input: Input, n: number): Promise<void> {
    this.#position = 0;
    while (peekInput(input, n).length < n && (await this.#more(input)));
  }

  /** Reads into `buffer` what is there, and waits for it. Gives 0 where it is stopped or begins anew. Throws the error of the system. */
  async read(input: Input, buffer: Uint8Array): Promise<number> {
    while (!this.#anew) {
      // Signals come only when other work ends.
      await setImmediate();
      if (this.stopped) return 0;
      const n = readInput(input, buffer, 0);
      this.#position += n;
      if (n > 0 || !(await this.#more(input))) return n;
    }
    return 0;
  }

  /** Ends it: signals do again what they always do. */
  release(): void {
    this.#watcher?.close();
    this.#release();
  }

  /** Waits until there may be more in the open file; false where nothing more is to be read of it. */
  async #more(input: Input): Promise<boolean> {
    if (this.stopped) return false;
    this.#changed = false;
    const { dev, ino, size } = fstatSync(input.fd);
    const read = this.#position + input.ahead.length;
    if (size > read) return true;
    const named = statSync(input.name, { throwIfNoEntry: false });
    if (size < read) this.#beginAnew(`${input.name}: the file was truncated, and is read from its start`);
    else if (named !== undefined && (named.ino !== ino || named.dev !== dev))
      this.#beginAnew(`${input.name}: the file was replaced, and the new one is read`);
    else await this.#change();
    return !this.#anew && !this.stopped;
  }

  #beginAnew(text: string): void {
    this.#anew = true;
    tell(text);
  }

  #look(): void {
    this.#changed = true;
    this.#wake();
  }

  async #change(): Promise<void> {
    if (this.#changed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Whether a file can be followed: one on a disk, or none yet, about which whoever opens it tells. */
export function canFollow(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() !== false;
}

/** Watches the folder, where a new file of the name is seen, too; undefined where that cannot be done. */
function watchFile(name: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(name), (_event, changed) => {
      if (changed === null || changed === basename(name)) onChange();
    });
    // A folder that can no longer be watched is looked at from time to time.
    return watcher.unref().on("error", () => undefined);
  } catch {
    return undefined;
  }
}
