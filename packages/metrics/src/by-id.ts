/** Values by id: a Map, or an object as JSON files hold it, of which only its own keys count. */
export type ById<V> = ReadonlyMap<string, V> | Readonly<Record<string, V>>;

/** The value of an id, where there is one. */
export function lookUp<V>(table: ById<V>, id: string): V | undefined {
  if (isMap(table)) return table.get(id);
  // An id may be spelled "constructor", and JSON.parse makes "__proto__" a key like any other.
  return Object.hasOwn(table, id) ? table[id] : undefined;
}

/** All ids and their values, in the table's order. */
export function entriesOf<V>(table: ById<V>): Iterable<readonly [string, V]> {
  return isMap(table) ? table.entries() : Object.entries(table);
}

function isMap<V>(table: ById<V>): table is ReadonlyMap<string, V> {
  return table instanceof Map;
}
