/** `make`, called once for each combination of arguments. */
export function remembered<Arguments extends readonly (string | number | boolean | undefined)[], Made>(
  make: (...key: Arguments) => Made,
): (...key: Arguments) => Made {
  const made = new Map<string, Made>();
  return (...key) => {
    const name = key.join(" ");
    let found = made.get(name);
    if (found === undefined) {
      found = make(...key);
      made.set(name, found);
    }
    return found;
  };
}
