// The forms of the texts of an input: of which a text may be, which are worth keeping, and whether it pays to try.

const SORTS = 64;
/** Forms of one sort. */
const MOST_FORMS = 4;

// Remembering a text costs as much as reading some texts. So it has a price, which texts that are of a known form earn.
const PRICE = 16;
const MOST_CREDIT = 8 * PRICE;
/** Texts of a sort that are not even tried after many of no known form. */
const REST = 256;

/** What is the same in some texts, and the value of the one that was read last. */
export interface Form {
  readonly value: object;
}

/** Knows the text that is to be read. */
export interface FormReader<F extends Form> {
  /** Reads the text into the value of a form; false when it is not of that form. */
  fits(form: F): boolean;
  /** The form of the text; undefined when it has none that can be remembered. */
  make(): F | undefined;
}

/** Texts that begin alike. */
interface Sort<F> {
  /** The one that fitted last is the first. */
  readonly forms: F[];
  credit: number;
  /** Texts that are not tried. */
  rest: number;
}

/** Keeps forms by the beginning of their texts. */
export class FormShelf<F extends Form> {
  readonly #sorts: Sort<F>[] = Array.from({ length: SORTS }, () => ({
    forms: [],
    credit: MOST_CREDIT,
    rest: 0,
  }));

  /**
   * The value of the text that `reader` knows, or undefined when it should be read in another way. It is overwritten by the next call.
   * @param hash  of the text's beginning
   */
  read(hash: number, reader: FormReader<F>): object | undefined {
    const sort = this.#sorts[(hash ^ (hash >>> 12)) & (SORTS - 1)]!;
    if (sort.rest > 0) {
      sort.rest--;
      if (sort.rest === 0) sort.credit = MOST_CREDIT;
      return undefined;
    }
    const { forms } = sort;
    for (let k = 0; k < forms.length; k++) {
      const form = forms[k]!;
      if (!reader.fits(form)) continue;
      forms[k] = forms[0]!;
      forms[0] = form;
      if (sort.credit < MOST_CREDIT) sort.credit++;
      return form.value;
    }
    return remember(sort, reader);
  }
}

function remember<F extends Form>(sort: Sort<F>, reader: FormReader<F>): object | undefined {
  if (sort.credit < PRICE) {
    sort.credit--;
    if (sort.credit <= 0) sort.rest = REST;
    return undefined;
  }
  sort.credit -= PRICE;
  const form = reader.make();
  if (form === undefined) return undefined;
  if (sort.forms.length === MOST_FORMS) sort.forms.pop();
  sort.forms.unshift(form);
  return form.value;
}
