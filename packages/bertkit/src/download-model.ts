import { HubError, parseModelName } from "@bertkit/hub";
import { modelOr } from "./default-model.js";
import type { DownloadOptions } from "./download-options.js";
import { googleModelOnHub } from "./opening/google-models.js";
import { sentenceEncoderFiles } from "./opening/needed-files.js";
import { fetchFiles } from "./opening/open-model.js";

/** A model that is in the cache. */
export interface DownloadedModel {
  readonly name: string;
  readonly revision: string;
  readonly commit: string;
  /** The folder of its files; undefined in browsers. */
  readonly folder: string | undefined;
  /** The files that a sentence encoder needs. */
  readonly files: readonly string[];
}

/**
 * Brings the newest version of a model on the hub into the cache, with all files that a sentence encoder needs, so that
 * `loadSentenceEncoder` works offline. Throws `HubError`, and `ConfigError` for a model of another kind.
 */
export async function downloadModel(model?: string, options: DownloadOptions = {}): Promise<DownloadedModel> {
  const given = modelOr(model);
  const wanted = googleModelOnHub(given) ?? given;
  if (!parseModelName(wanted)) {
    throw new HubError("name", `${JSON.stringify(wanted)} is not the name of a model on the hub`, {
      hint: "Name it as namespace/name or namespace/name@revision.",
    });
  }
  const { open: _open, ...downloaded } = await fetchFiles(wanted, sentenceEncoderFiles, { refresh: true, ...options });
  return downloaded;
}
