// Messages on their way, whoever saw them: the reader of a capture, or a tap.

/** One direction of a connection. There is one object for all its messages. */
export interface TrafficWay {
  /** The same for both directions, and for no other connection. */
  readonly connId: number;
  /** Who sends and who receives: `10.0.0.1:6653`. Empty where nobody knows. */
  readonly src: string;
  readonly dst: string;
  /** The messages of both directions come by this one way: nobody knows who has sent which. */
  readonly mixed?: true;
}

/** A whole OpenFlow message, bytes[start, end). */
export interface TrafficMessage {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly way: TrafficWay;
  /** When it was seen: seconds since 1970, -1 where nobody knows. */
  readonly sec: number;
  /** Nanoseconds, 0..999999999. */
  readonly nsec: number;
}

/** A moment, as messages have it. */
export type Moment = Pick<TrafficMessage, "sec" | "nsec">;

/** Nanoseconds from `a` to `b`, exact for some weeks; undefined where one of them is not known. */
export function nanosecondsBetween(a: Moment, b: Moment): number | undefined {
  if (a.sec < 0 || b.sec < 0) return undefined;
  return (b.sec - a.sec) * 1_000_000_000 + (b.nsec - a.nsec);
}
