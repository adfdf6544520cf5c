import { countOf, type JsonObject, wrong } from "./json-reader.js";
import type { TokenizerSettings } from "./settings.js";
import { bertTemplates, Template, type TemplatePiece } from "./template.js";

/** Reads a post-processor, `BertProcessing` or `TemplateProcessing`; texts stand alone where there is none. */
export function readTemplates(processor: JsonObject | undefined): TokenizerSettings["templates"] {
  if (processor === undefined) {
    const first: TemplatePiece = { sequence: 0, typeId: 0 };
    return { single: new Template(1, [first]), pair: new Template(2, [first, { sequence: 1, typeId: 1 }]) };
  }
  if (processor.value("type") === "BertProcessing") {
    return bertTemplates(namedId(processor, "cls"), namedId(processor, "sep"));
  }
  const tokens = processor.object("special_tokens");
  const pieces = (field: string): TemplatePiece[] => processor.list(field).map((piece) => readPiece(piece, tokens));
  return { single: new Template(1, pieces("single")), pair: new Template(2, pieces("pair")) };
}

/** The id in a pair `["[CLS]", 101]`. */
function namedId(processor: JsonObject, field: string): number {
  const pair = processor.value(field);
  const path = `${processor.path}.${field}`;
  if (!Array.isArray(pair) || pair.length !== 2) throw wrong(path, "a token with its id", pair);
  return countOf(pair[1], path);
}

function readPiece(piece: JsonObject, tokens: JsonObject | undefined): TemplatePiece {
  const sequence = piece.object("Sequence");
  if (sequence !== undefined) {
    return { sequence: sequence.oneOf("id", ["A", "B"]) === "A" ? 0 : 1, typeId: sequence.count("type_id") };
  }
  const special = piece.object("SpecialToken");
  if (special === undefined) throw wrong(piece.path, "a Sequence or a SpecialToken", undefined);
  const token = tokens?.object(special.string("id"));
  const ids = token?.value("ids");
  if (token === undefined || !Array.isArray(ids)) {
    throw wrong(special.path, "a token that special_tokens has ids for", special.value("id"));
  }
  return { ids: ids.map((id) => countOf(id, `${token.path}.ids`)), typeId: special.count("type_id") };
}
