/** What is known of connections, in bounded memory: connections that never came up end without a word. */

/** More than a daemon has at a time. */
const MOST = 20_000;

/** Values by the number of a connection. When there are too many, the oldest is forgotten. */
export class ConnectionMap<Value> {
  readonly #values = new Map<number, Value>();

  get(connId: number): Value | undefined {
    return this.#values.get(connId);
  }

  set(connId: number, value: Value): void {
    this.#values.set(connId, value);
    if (this.#values.size <= MOST) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }

  delete(connId: number): void {
    this.#values.delete(connId);
  }
}
