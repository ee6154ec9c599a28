// How many requests there were, by method and by what came of them.

/** What came of a request. */
export type RequestOutcome = "ok" | "error";

interface Counts {
  ok: number;
  error: number;
}

/** Counts requests. */
export class RequestCounts {
  /** Names of methods that exist, and "" for all others: names that clients make up would fill the memory. */
  readonly #counts = new Map<string, Counts>([["", { ok: 0, error: 0 }]]);
  readonly #unknown = this.#counts.get("") as Counts;

  /** @param methods  names of all methods */
  constructor(methods: Iterable<string>) {
    for (const method of methods) this.#counts.set(method, { ok: 0, error: 0 });
  }

  /** Counts a request that has been carried out or refused. */
  add(method: string, outcome: RequestOutcome): void {
    (this.#counts.get(method) ?? this.#unknown)[outcome]++;
  }

  /** The counts that are not 0. */
  *samples(): Iterable<{
    readonly method: string;
    readonly outcome: RequestOutcome;
    readonly count: number;
  }> {
    for (const [method, counts] of this.#counts) {
      for (const outcome of ["ok", "error"] as const) {
        if (counts[outcome] > 0) yield { method, outcome, count: counts[outcome] };
      }
    }
  }
}
