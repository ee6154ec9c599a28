// What decoders know of the message they are in. Decoding is synchronous, so one object serves all.

/** Lists of actions in actions, and messages in messages, may nest this deep, counted together; what is nested deeper is hex in JSON. */
export const MAX_DEPTH = 32;

/** State of the message that is being decoded; set by decodeMessage, saved around nested messages. */
export const context = {
  /** Wire version of the message, 1 is OpenFlow 1.0. */
  version: 0,
  /** IP protocol that the match of this message demands, 0 when it demands none: tells what SET_TP_SRC of 1.0 sets. */
  l4: 0,
  /** How many lists that may hold themselves, and nested messages, are open. */
  depth: 0,
};
