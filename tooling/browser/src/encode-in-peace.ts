import type { Encoded } from "../page/page-program.js";
import type { Visit } from "./site.js";

/**
 * Encodes until the page's thread was never held meanwhile, three times at most: another program on this machine may
 * hold it up once, an encoder on that thread does so each time.
 */
export async function encodeInPeace(visit: Visit, texts: readonly string[]): Promise<Encoded> {
  let encoded = await visit.encode(texts);
  for (let again = 0; again < 2 && encoded.longTasks.length > 0; again++) encoded = await visit.encode(texts);
  return encoded;
}
