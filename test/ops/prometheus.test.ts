import { describe, expect, it } from "vitest";
import { formatMetrics, Histogram } from "../../src/ops/prometheus.js";

describe("formatMetrics", () => {
  it("writes counters and gauges with their labels", () => {
    const text = formatMetrics([
      { name: "a_total", type: "counter", help: "What a is.", samples: [{ value: 3 }] },
      {
        name: "b",
        type: "gauge",
        help: "b",
        samples: [
          { labels: { x: "one", y: 2 }, value: 0.25 },
          { labels: { x: "two" }, value: 18_014_398_509_481_984 },
        ],
      },
    ]);
    expect(text).toBe(
      [
        "# HELP a_total What a is.",
        "# TYPE a_total counter",
        "a_total 3",
        "# HELP b b",
        "# TYPE b gauge",
        'b{x="one",y="2"} 0.25',
        'b{x="two"} 18014398509481984',
        "",
      ].join("\n"),
    );
  });

  it("leaves out what has no samples", () => {
    expect(formatMetrics([{ name: "a", type: "gauge", help: "", samples: [] }])).toBe("");
  });

  it("escapes what would end a label or a line", () => {
    const samples = [{ labels: { l: 'a"b\\c\nd' }, value: 1 }];
    expect(formatMetrics([{ name: "a", type: "gauge", help: "x\ny\\z", samples }])).toBe(
      '# HELP a x\\ny\\\\z\n# TYPE a gauge\na{l="a\\"b\\\\c\\nd"} 1\n',
    );
  });

  it("writes histograms with buckets that include the smaller ones", () => {
    const histogram = new Histogram([0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.add(value);
    expect(formatMetrics([{ name: "h", type: "histogram", help: "h", histogram }])).toBe(
      [
        "# HELP h h",
        "# TYPE h histogram",
        'h_bucket{le="0.1"} 2',
        'h_bucket{le="1"} 3',
        'h_bucket{le="+Inf"} 4',
        "h_sum 7.65",
        "h_count 4",
        "",
      ].join("\n"),
    );
  });
});
