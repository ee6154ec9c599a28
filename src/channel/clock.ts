// Time, as the channels see it. A parameter everywhere, so that tests own the clock.
import { performance } from "node:perf_hooks";

/** Unix time in the two parts that events print. */
export interface WallTime {
  /** Seconds since 1970. */
  sec: number;
  /** Nanoseconds, 0..999999999. */
  nsec: number;
}

/** Reads time and runs functions later. */
export interface Clock {
  /** Milliseconds that never go back; from an arbitrary start. */
  now(): number;
  /** Stores the time of day in `into`: no object per message. */
  wall(into: WallTime): void;
  /** Calls `run` each `ms` milliseconds, until the function that it returns is called. */
  every(ms: number, run: () => void): () => void;
  /** Calls `run` once, `ms` milliseconds from now, unless the function that it returns is called before. */
  after(ms: number, run: () => void): () => void;
}

/** Milliseconds by which the fine clock may differ from the time of day before it is set again. */
const MAX_DRIFT = 2;

/** The clock of this machine. Its timers do not keep the process alive. */
export function systemClock(): Clock {
  // Date.now() is the truth but counts milliseconds; performance.now() is fine but does not follow corrections.
  let offset = performance.timeOrigin;
  return {
    now: () => performance.now(),
    wall(into) {
      const fine = performance.now();
      const coarse = Date.now();
      let ms = offset + fine;
      if (ms < coarse - MAX_DRIFT || ms > coarse + MAX_DRIFT) {
        offset = coarse - fine;
        ms = coarse;
      }
      into.sec = Math.floor(ms / 1000);
      into.nsec = Math.floor((ms - into.sec * 1000) * 1e6);
    },
    every(ms, run) {
      const timer = setInterval(run, ms).unref();
      return () => clearInterval(timer);
    },
    after(ms, run) {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
  };
}

/** "1795252903.382999974": seconds and nine digits of nanoseconds, as events carry it. */
export function formatWallTime({ sec, nsec }: WallTime): string {
  return `${sec}.${String(nsec).padStart(9, "0")}`;
}
