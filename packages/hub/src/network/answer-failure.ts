import { HubError, type HubErrorOptions } from "../hub-error.js";
import type { Access } from "../hub-settings.js";
import type { ModelName } from "../model-name.js";
import { type Patience, retryAfter, Setback } from "./patience.js";

/** What was asked for, in the words of messages. */
export interface Subject extends ModelName {
  /** The file, where it was one. */
  readonly path?: string | undefined;
}

/** The error that an answer without success stands for; a {@link Setback} where trying again may help. */
export function answerFailure(answer: Response, subject: Subject, access: Access, patience: Patience): Error {
  const { status, headers } = answer;
  const code = headers.get("x-error-code");
  if (status === 429) return tooMany(answer, access, patience);
  if (status >= 500 || status === 408) {
    const hint = "Try again later; https://status.huggingface.co tells how Hugging Face's hub is.";
    return new Setback(
      new HubError("network", `${hostOf(answer, access)} answered with status ${status}`, { hint }),
      retryAfter(headers.get("retry-after")),
    );
  }
  if (code === "GatedRepo") return gated(subject, access);
  if (code === "RepoNotFound" || (status === 404 && code === null && subject.path === undefined)) {
    return noModel(subject, access);
  }
  if (code === "RevisionNotFound") {
    const hint = `See ${access.endpoint}/${subject.name}/tree/main for its branches and tags.`;
    return new HubError("not-found", `${subject.name} has no revision ${subject.revision}`, { hint });
  }
  if (status === 404 || status === 410) {
    return new HubError("not-found", `${subject.name}@${subject.revision} has no file ${subject.path}`);
  }
  if (status === 401 || status === 403) return refused(answer, subject, access);
  return new HubError("protocol", `${hostOf(answer, access)} answered with status ${status}`, {
    hint: "Check that HF_ENDPOINT is a hub's address and that no proxy answers instead.",
  });
}

function tooMany(answer: Response, access: Access, { longestPause }: Patience): Setback {
  const wait = retryAfter(answer.headers.get("retry-after"));
  const tooLong = wait !== undefined && wait > longestPause;
  const when = tooLong ? `in ${Math.ceil(wait / 1000)} seconds` : "in a few minutes";
  const advice = access.token === undefined ? ", or set HF_TOKEN: who is known may ask more often" : "";
  const message = `${hostOf(answer, access)} has had too many requests from here`;
  return new Setback(new HubError("rate-limited", message, { hint: `Try again ${when}${advice}.` }), wait);
}

function gated({ name }: Subject, { endpoint, tokenSource }: Access): HubError {
  const conditions = `Accept its conditions at ${endpoint}/${name}`;
  const hint = tokenSource
    ? `${conditions} as the user whom the token (from ${tokenSource}) belongs to.`
    : `${conditions}, then set HF_TOKEN to an access token of yours (${endpoint}/settings/tokens).`;
  return new HubError("gated", `${name} is gated: only those who accepted its conditions may fetch it`, { hint });
}

function noModel({ name }: Subject, { endpoint, tokenSource }: Access): HubError {
  const forPrivate = tokenSource
    ? `if it is private, the token (from ${tokenSource}) must belong to someone who may see it`
    : "if it is private, set HF_TOKEN to a token that may see it";
  const options: HubErrorOptions = { hint: `Check the spelling; ${forPrivate}.` };
  return new HubError("not-found", `there is no model ${name} at ${endpoint}`, options);
}

function refused(answer: Response, { name }: Subject, access: Access): HubError {
  const host = hostOf(answer, access);
  const page = `${access.endpoint}/settings/tokens`;
  const hint = access.tokenSource
    ? `Correct the token (from ${access.tokenSource}), or do without one; ${page} has new ones.`
    : `Set HF_TOKEN to an access token that may read it (${page}).`;
  const reason = access.tokenSource ? "refused the token" : "wants to know who asks";
  return new HubError("unauthorized", `${host} ${reason} for ${name} (status ${answer.status})`, { hint });
}

/** The server that answered, without its path and query, which may hold a signature. */
function hostOf(answer: Response, { endpoint }: Access): string {
  return URL.canParse(answer.url) ? new URL(answer.url).origin : endpoint;
}
