/**
 * Lets the event loop turn once: timers, input and abort signals get their moment between two pieces of work. Awaiting a
 * resolved promise does not do that.
 */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    // Browsers: a message comes at once, a timer after 4 ms.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
