/** Actions that are one word, or one word and one number: a table for both directions. */
export interface SimpleAction {
  readonly word: string;
  /** As JSON calls it. */
  readonly action: string;
  /** The number. */
  readonly argument?: {
    /** Its key in JSON. */
    readonly key: string;
    readonly bits: number;
    /** How it is printed: `word:5`, `word(5)`, `word:0x0800`. */
    readonly form: "colon" | "brackets" | "hex";
  };
}

/** The table. */
export const SIMPLE_ACTIONS: readonly SimpleAction[] = [
  { word: "exit", action: "NX_EXIT" },
  { word: "pop_queue", action: "NX_POP_QUEUE" },
  { word: "ct_clear", action: "NX_CT_CLEAR" },
  { word: "dec_mpls_ttl", action: "DEC_MPLS_TTL" },
  { word: "dec_nsh_ttl", action: "NX_DEC_NSH_TTL" },
  { word: "debug_recirc", action: "NX_DEBUG_RECIRC" },
  { word: "debug_slow", action: "NX_DEBUG_SLOW" },
  { word: "group", action: "GROUP", argument: { key: "group_id", bits: 32, form: "colon" } },
  { word: "set_queue", action: "SET_QUEUE", argument: { key: "queue_id", bits: 32, form: "colon" } },
  { word: "set_mpls_ttl", action: "SET_MPLS_TTL", argument: { key: "ttl", bits: 8, form: "brackets" } },
  { word: "push_mpls", action: "PUSH_MPLS", argument: { key: "ethertype", bits: 16, form: "hex" } },
  { word: "pop_mpls", action: "POP_MPLS", argument: { key: "ethertype", bits: 16, form: "hex" } },
];
