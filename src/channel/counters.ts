// What is counted on a connection: plain numbers, so that counting costs nothing and reading is up to others.

/** Type numbers that a header may have: 0 to 64. */
export const MESSAGE_TYPES = 65;

/** Counts of one connection, or of several together. */
export class Counters {
  /** Messages by the type number of their header, those of handshakes and echoes too. */
  readonly messagesIn = new Float64Array(MESSAGE_TYPES);
  readonly messagesOut = new Float64Array(MESSAGE_TYPES);
  /** Bytes of OpenFlow, without what TLS and TCP add. */
  bytesIn = 0;
  bytesOut = 0;
  /** Messages that could not be decoded. */
  decodeErrors = 0;
  /** Messages of another version that were not delivered. */
  wrongVersion = 0;
  /** Messages that were dropped because they came before the channel was up and were too many. */
  droppedEarly = 0;
  /** ECHO_REQUESTs of ours that were answered; milliseconds of the latest answer, and of all together. */
  echoes = 0;
  echoLast = 0;
  echoSum = 0;

  /** Adds the counts of `other`; its latest echo counts as the latest. */
  add(other: Counters): void {
    for (let type = 0; type < MESSAGE_TYPES; type++) {
      this.messagesIn[type] = (this.messagesIn[type] as number) + (other.messagesIn[type] as number);
      this.messagesOut[type] = (this.messagesOut[type] as number) + (other.messagesOut[type] as number);
    }
    this.bytesIn += other.bytesIn;
    this.bytesOut += other.bytesOut;
    this.decodeErrors += other.decodeErrors;
    this.wrongVersion += other.wrongVersion;
    this.droppedEarly += other.droppedEarly;
    if (other.echoes > 0) this.echoLast = other.echoLast;
    this.echoes += other.echoes;
    this.echoSum += other.echoSum;
  }
}
