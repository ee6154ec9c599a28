// The schema files as a tree of texts that remembers where each one stands.

/** Where something stands in a schema file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface TextNode {
  readonly kind: "text";
  readonly text: string;
  readonly at: Place;
}

export interface MapEntry {
  readonly key: string;
  readonly at: Place;
  readonly value: Node;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly at: Place;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly at: Place;
}

export type Node = TextNode | MapNode | ListNode;

/** The value of a key, or undefined. */
export function entry(node: MapNode, key: string): Node | undefined {
  return node.entries.find((e) => e.key === key)?.value;
}
