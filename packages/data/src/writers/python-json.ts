import { DataError } from "../data-error.js";

/** A value that Python's json module can write; numbers are floats. */
export type PythonValue = string | number | readonly PythonValue[] | { readonly [name: string]: PythonValue };

/**
 * Writes an object entry by entry in the exact text form of Python's `json.dumps(…, indent=4)`, so that neither the
 * object nor its text has to be in memory.
 */
export class PythonObjectWriter<Value extends PythonValue> {
  #begun = false;

  /**
   * The text to append for an entry; a name must come once only.
   * @throws {DataError} `value` for a number that JSON has no word for.
   */
  entry(name: string, value: Value): string {
    const text = `${this.#begun ? "," : "{"}\n${indent}${pythonString(name)}: ${pythonText(value, indent)}`;
    this.#begun = true;
    return text;
  }

  /** The text to append after the last entry, with the line end that Google's scripts add. */
  end(): string {
    return this.#begun ? "\n}\n" : "{}\n";
  }
}

const indent = "    ";

function pythonText(value: PythonValue, margin: string): string {
  if (typeof value === "string") return pythonString(value);
  if (typeof value === "number") return pythonFloat(value);
  if (Array.isArray(value))
    return block(
      "[",
      (value as readonly PythonValue[]).map((item) => pythonText(item, margin + indent)),
      "]",
      margin,
    );
  const entries = Object.entries(value).map(
    ([name, item]) => `${pythonString(name)}: ${pythonText(item, margin + indent)}`,
  );
  return block("{", entries, "}", margin);
}

function block(open: string, items: readonly string[], close: string, margin: string): string {
  if (items.length === 0) return open + close;
  const inner = `\n${margin}${indent}`;
  return `${open}${inner}${items.join(`,${inner}`)}\n${margin}${close}`;
}

/** As with ensure_ascii: everything but printable ASCII is escaped, characters above U+FFFF as two surrogates. */
function pythonString(text: string): string {
  const escaped = text.replace(/[^ -~]|["\\]/g, (unit) => {
    return shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** As `repr` of a float: the same shortest digits as JavaScript's, but with ".0", and other limits for exponents. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) throw new DataError("value", `wanted a finite number to write as JSON, came ${value}`);
  if (Object.is(value, -0)) return "-0.0";
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
