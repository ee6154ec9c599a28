// What a capture can make its reader hold. Whoever wrote the capture may be an enemy.

/** The limits of a CaptureReader. */
export interface CaptureLimits {
  /** Connections at a time. Beyond it the one that has been silent for longest is given up. */
  readonly connections: number;
  /**
   * Bytes of all connections that are held: segments that came too early, and messages that are not complete. Beyond it the
   * connection that has been silent for longest is given up.
   */
  readonly heldBytes: number;
  /** Bytes of one direction that came too early. Beyond it the bytes before them count as missing. */
  readonly earlyBytes: number;
  /** Segments of one direction that came too early; the same. */
  readonly earlySegments: number;
  /** IP datagrams at a time whose fragments are held, of which some are whole already. Beyond it the oldest is given up. */
  readonly datagrams: number;
  /** Bytes of all their fragments; the same. */
  readonly fragmentBytes: number;
  /** Packets of a capture, and seconds of its time, after which fragments that are missing count as lost. */
  readonly fragmentPackets: number;
  readonly fragmentSeconds: number;
}

/** What holds where nothing else is said. */
export const CAPTURE_LIMITS: CaptureLimits = {
  connections: 16_384,
  heldBytes: 64 * 1024 * 1024,
  earlyBytes: 1024 * 1024,
  earlySegments: 1024,
  datagrams: 1024,
  // Bytes and seconds are those of Linux; there are no more than so many ids of IPv4.
  fragmentBytes: 4 * 1024 * 1024,
  fragmentPackets: 65_536,
  fragmentSeconds: 30,
};

/** Counts the bytes that all connections hold. */
export interface HeldBytes {
  count: number;
}
