import type { Port } from "./peer.js";

/** Inside a worker: the port to the thread that started it. */
export function threadPort(): Port {
  const parent = globalThis.process?.getBuiltinModule?.("node:worker_threads").parentPort;
  if (parent) {
    return {
      post: (message, transfer) => parent.postMessage(message, transfer as readonly ArrayBuffer[]),
      listen: (receive) => parent.on("message", receive),
      hold: () => {},
    };
  }
  return {
    post: (message, transfer) => globalThis.postMessage(message, { transfer: [...transfer] }),
    listen: (receive) => globalThis.addEventListener("message", ({ data }) => receive(data)),
    hold: () => {},
  };
}
