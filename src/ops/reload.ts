// SIGHUP: certificates and configuration are read again. What can change while the daemon serves does; of the rest
// the log tells that it has to wait for the next start.
import { type Limits, log } from "../base/index.js";
import type { Identities } from "../channel/index.js";
import { chooseLog } from "./choose-log.js";
import { type Configuration, ConfigurationError, type Entry } from "./configuration.js";
import { SETTING_NAMES, type SettingName, settingOf } from "./settings.js";

/** Holds the configuration that counts. */
export class Reloader {
  readonly #readAgain: () => Promise<Configuration>;
  #current: Configuration;
  #busy = false;

  constructor(first: Configuration, readAgain: () => Promise<Configuration>) {
    this.#current = first;
    this.#readAgain = readAgain;
  }

  /** The limits as of now. */
  get limits(): Limits {
    return this.#current.limits;
  }

  /** Reads all again. What cannot be read stays as it was, and is told in the log: false then. Never rejects. */
  async reload(identities: Identities): Promise<boolean> {
    if (this.#busy) return true;
    this.#busy = true;
    let whole = true;
    try {
      this.#adopt(await this.#readAgain());
    } catch (err) {
      if (!(err instanceof ConfigurationError)) throw err;
      log.error({ err }, "the configuration stays as it was");
      whole = false;
    } finally {
      this.#busy = false;
    }
    return reloadIdentities(identities) && whole;
  }

  #adopt(next: Configuration): void {
    const fixed = SETTING_NAMES.filter((name) => {
      const { live, outsideOnly } = settingOf(name);
      return live !== true && outsideOnly !== true && textsOf(next, name) !== textsOf(this.#current, name);
    });
    if (fixed.length > 0) log.warn({ settings: fixed }, "these settings change at the next start only");
    this.#current = next;
    chooseLog(next.values);
  }
}

/** False when one of them stays as it was. */
function reloadIdentities(identities: Identities): boolean {
  const failures = identities.reload();
  for (const { tlsId, file, error } of failures) {
    log.error({ tls_id: tlsId, file, err: error }, "certificate not reloaded: the old one stays");
  }
  return failures.length === 0;
}

function textsOf({ entries }: Configuration, name: SettingName): string {
  return JSON.stringify((entries.get(name) ?? []).map(({ text }: Entry) => text));
}
