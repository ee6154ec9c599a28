// Prometheus' text form of metrics, version 0.0.4: written when somebody asks, from counts that are plain fields.

/** One value, with the labels that tell it from others of its family. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Values of one name and meaning. Counters end in `_total`. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Counts of measured times, by size. */
export interface HistogramFamily {
  readonly name: string;
  readonly type: "histogram";
  readonly help: string;
  readonly histogram: Histogram;
}

/** What Prometheus is to be told as the type of the text. */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Counts measured values by their size. */
export class Histogram {
  /** Upper ends of the buckets, ascending; one without an end follows. */
  readonly bounds: readonly number[];
  /** How many values fell into each bucket and into no smaller one. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** Counts a value. */
  add(value: number): void {
    const at = this.bounds.findIndex((bound) => value <= bound);
    const bucket = at < 0 ? this.bounds.length : at;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
  }
}

/** Writes families in their order; those without samples are left out. */
export function formatMetrics(families: Iterable<Family | HistogramFamily>): string {
  let out = "";
  for (const family of families) {
    const lines = family.type === "histogram" ? histogramLines(family) : sampleLines(family);
    if (lines === "") continue;
    out += `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n${lines}`;
  }
  return out;
}

function sampleLines({ name, samples }: Family): string {
  return samples
    .map(({ labels, value }) => `${name}${formatLabels(labels)} ${formatValue(value)}\n`)
    .join("");
}

/** Buckets are cumulative on the wire. */
function histogramLines({ name, histogram }: HistogramFamily): string {
  let count = 0;
  const buckets = histogram.counts.map((own, i) => {
    count += own;
    const bound = histogram.bounds[i] ?? Number.POSITIVE_INFINITY;
    return `${name}_bucket{le="${formatValue(bound)}"} ${count}\n`;
  });
  return `${buckets.join("")}${name}_sum ${formatValue(histogram.sum)}\n${name}_count ${count}\n`;
}

function formatLabels(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels ?? {}).map(
    ([name, value]) => `${name}="${escapeLabel(String(value))}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
