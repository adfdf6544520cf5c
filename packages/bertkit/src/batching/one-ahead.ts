/** The same items; each is asked for as soon as the one before it is given, and the source is closed when the reader stops. */
export async function* oneAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    let coming = iterator.next();
    for (;;) {
      const { done, value } = await coming;
      if (done) return;
      coming = iterator.next();
      coming.catch(() => {}); // it is heard of when it is awaited
      yield value;
    }
  } finally {
    // A source that owes an item closes after it, which may be never: nobody waits for that.
    iterator.return?.().catch(() => {});
  }
}
