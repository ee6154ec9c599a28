// Records of TLS (RFC 8446 §5.1), as far as it takes to see that a stream is encrypted.
const FIRST_TYPE = 20;
const LAST_TYPE = 24;
const MAJOR = 3;
const LAST_MINOR = 4;

/** Whether b[o, end), the start of a segment, looks like a record of TLS. No message of OpenFlow starts like that. */
export function isTlsRecord(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 3) return false;
  return b[o]! >= FIRST_TYPE && b[o]! <= LAST_TYPE && b[o + 1] === MAJOR && b[o + 2]! <= LAST_MINOR;
}
