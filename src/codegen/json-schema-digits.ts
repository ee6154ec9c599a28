// Patterns of the texts that stand for integers in a range: a schema compares numbers, not their texts.

type Base = 2 | 8 | 10 | 16;

/** Digits of a base from the value `low` to `high`, as a class of a regular expression; `1` for a class of one. */
function digitClass(low: number, high: number): string {
  const upper = (n: number): string => n.toString(16).toUpperCase();
  const span = (a: string, b: string): string => (a === b ? a : `${a}-${b}`);
  const parts: string[] = [];
  if (low <= 9) parts.push(span(upper(low), upper(Math.min(high, 9))));
  if (high >= 10) {
    const [a, b] = [upper(Math.max(low, 10)), upper(high)];
    parts.push(span(a, b), span(a.toLowerCase(), b.toLowerCase()));
  }
  const text = parts.join("");
  return text.length === 1 ? text : `[${text}]`;
}

function times(text: string, least: number, most: number): string {
  if (most === 0) return "";
  if (least === most) return most === 1 ? text : `${text}{${most}}`;
  return `${text}{${least},${most}}`;
}

/** Digits of the integers from 0 to `max`; decimal ones begin with 0 only for zero itself. */
function digitsUpTo(max: bigint, base: Base): string {
  const digits = [...max.toString(base)].map((digit) => Number.parseInt(digit, base));
  const n = digits.length;
  const any = digitClass(0, base - 1);
  const least = base === 10 ? 1 : 0;
  if (base !== 10 && digits.every((digit) => digit === base - 1)) return times(any, 1, n);
  const found: string[] = [];
  if (base === 10) found.push("0", ...(n > 1 ? [`[1-9]${times(any, 0, n - 2)}`] : []));
  else if (n > 1) found.push(times(any, 1, n - 1));
  let prefix = "";
  digits.forEach((digit, i) => {
    const low = i === 0 ? least : 0;
    if (digit > low) found.push(prefix + digitClass(low, digit - 1) + times(any, n - 1 - i, n - 1 - i));
    prefix += digitClass(digit, digit);
  });
  if (max > 0n || base !== 10) found.push(prefix);
  return found.join("|");
}

function inAllBases(digits: (base: Base) => string): string {
  return `(0[xX]0*(${digits(16)})|0[oO]?0*(${digits(8)})|0[bB]0*(${digits(2)})|${digits(10)})`;
}

/** Texts of the integers from 0 to `max` in every base that is read; to be put between anchors. */
export function integerText(max: bigint): string {
  return inAllBases((base) => digitsUpTo(max, base));
}

/** Decimal texts of the integers from 0 to `max`; to be put between anchors. */
export function decimalText(max: bigint): string {
  return `(${digitsUpTo(max, 10)})`;
}

/** Texts of one integer in every base that is read; to be put between anchors. */
export function exactText(n: number): string {
  return inAllBases((base) =>
    [...n.toString(base)]
      .map((digit) => digitClass(Number.parseInt(digit, base), Number.parseInt(digit, base)))
      .join(""),
  );
}
