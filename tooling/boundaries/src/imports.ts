import { parseSync } from "@swc/core";

/** One place where a file refers to a module. */
export interface ImportUse {
  /** As written; undefined where it is computed when the program runs. */
  readonly specifier: string | undefined;
  /** From 1. */
  readonly line: number;
  /** Whether the compiler removes it: `import type`, `export type … from`, `import("x").T` in a type. */
  readonly typeOnly: boolean;
  /** Whether it runs when the module loads, not when a function is called. */
  readonly static: boolean;
  /** `new URL("…", import.meta.url)`: a file, not a module. */
  readonly address: boolean;
}

/** What an entry point may not have: it lists its exports by name. */
export interface UnlistedExport {
  readonly form: "export *" | "export default";
  readonly line: number;
}

/** What {@link readModule} finds. */
export interface ModuleFacts {
  readonly imports: readonly ImportUse[];
  readonly unlisted: readonly UnlistedExport[];
}

interface SyntaxNode {
  readonly type: string;
  readonly span?: { readonly start: number };
  readonly [field: string]: unknown;
}

/** Every import of a TypeScript or JavaScript file, of whatever form. @throws where the file does not parse. */
export function readModule(source: string, path: string): ModuleFacts {
  const script = parse(source, path);
  const bytes = Buffer.from(source.startsWith("#!") ? `//${source.slice(2)}` : source);
  const base = (script.body as readonly SyntaxNode[])[0]?.span?.start ?? 0;
  const lineOf = ({ span }: SyntaxNode) => {
    // Spans count bytes of UTF-8; the one before the file's first is the semicolon that `parse` adds.
    const before = bytes.subarray(0, (span?.start ?? base + 1) - base - 1);
    return before.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
  };
  const imports: ImportUse[] = [];
  const unlisted: UnlistedExport[] = [];
  visit(script, (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, line: lineOf(node) });
    const form = unlistedForm(node);
    if (form !== undefined) unlisted.push({ form, line: lineOf(node) });
  });
  const references = source.matchAll(/^\/\/\/\s*<reference\s+(?:types|path)\s*=\s*["']([^"']+)["']/gm);
  for (const { 1: specifier, index } of references) {
    const line = source.slice(0, index).split("\n").length;
    imports.push({ specifier, line, typeOnly: true, static: true, address: false });
  }
  return { imports, unlisted };
}

function parse(source: string, path: string): SyntaxNode {
  const text = source.startsWith("#!") ? `//${source.slice(2)}` : source;
  const javaScript = /\.[cm]?jsx?$/.test(path);
  try {
    // The semicolon marks where the parser starts to count.
    return parseSync(`;${text}`, {
      ...(javaScript
        ? { syntax: "ecmascript", jsx: true, explicitResourceManagement: true, importAttributes: true }
        : { syntax: "typescript", tsx: path.endsWith("x"), explicitResourceManagement: true }),
      target: "es2022",
    }) as unknown as SyntaxNode;
  } catch (cause) {
    throw new SyntaxError(`${path} does not parse`, { cause });
  }
}

function visit(node: SyntaxNode, enter: (node: SyntaxNode) => void): void {
  enter(node);
  for (const child of Object.values(node)) {
    for (const part of Array.isArray(child) ? child : [child]) {
      if (isNode(part)) visit(part, enter);
      // Arguments of calls stand in a wrapper without a type.
      else if (isWrapper(part)) visit(part.expression, enter);
    }
  }
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

const isWrapper = (value: unknown): value is { readonly expression: SyntaxNode } =>
  typeof value === "object" && value !== null && "expression" in value && isNode(value.expression);

type Found = Omit<ImportUse, "line">;

function importOf(node: SyntaxNode): Found | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      // `import { type A } from "x"` leaves `import {} from "x"` behind, so the names' own `type` does not matter.
      return isNode(node.source) ? found(node.source, node.typeOnly === true, true) : undefined;
    case "TsImportEqualsDeclaration": {
      const { expression } = node.moduleRef as { expression?: SyntaxNode };
      return expression === undefined ? undefined : found(expression, node.isTypeOnly === true, true);
    }
    case "TsImportType":
      return found(node.argument as SyntaxNode, true, true);
    case "TsModuleDeclaration":
      return isNode(node.id) && node.id.type === "StringLiteral" ? found(node.id, true, true) : undefined;
    case "CallExpression":
      return isImporting(node.callee as SyntaxNode) ? found(argument(node, 0), false, false) : undefined;
    case "NewExpression":
      return addressOf(node);
    default:
      return undefined;
  }
}

function found(specifier: SyntaxNode | undefined, typeOnly: boolean, isStatic: boolean): Found {
  return { specifier: textOf(specifier), typeOnly, static: isStatic, address: false };
}

/** `import`, `require`, `require.resolve`, `import.meta.resolve`. */
function isImporting(callee: SyntaxNode): boolean {
  if (callee.type === "Import") return true;
  if (callee.type === "Identifier") return callee.value === "require";
  if (callee.type !== "MemberExpression") return false;
  const object = callee.object as SyntaxNode;
  const isResolver = object.type === "MetaProperty" || (object.type === "Identifier" && object.value === "require");
  return isResolver && (callee.property as SyntaxNode).value === "resolve";
}

function addressOf(node: SyntaxNode): Found | undefined {
  const { type, value } = node.callee as SyntaxNode;
  const base = argument(node, 1);
  if (type !== "Identifier" || value !== "URL" || base?.type !== "MemberExpression") return undefined;
  const specifier = textOf(argument(node, 0));
  if ((base.object as SyntaxNode).type !== "MetaProperty" || specifier === undefined) return undefined;
  return { specifier, typeOnly: false, static: false, address: true };
}

const argument = (call: SyntaxNode, index: number): SyntaxNode | undefined =>
  (call.arguments as { expression: SyntaxNode }[] | undefined)?.[index]?.expression;

function textOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === "StringLiteral") return node.value as string;
  if (node?.type !== "TemplateLiteral") return undefined;
  const quasis = node.quasis as { cooked: string }[];
  return quasis.length === 1 ? quasis[0]?.cooked : undefined;
}

function unlistedForm(node: SyntaxNode): UnlistedExport["form"] | undefined {
  switch (node.type) {
    case "ExportAllDeclaration":
    case "ExportNamespaceSpecifier":
      return "export *";
    case "ExportDefaultDeclaration":
    case "ExportDefaultExpression":
    case "TsExportAssignment":
      return "export default";
    case "ExportSpecifier": {
      const name = (node.exported ?? node.orig) as SyntaxNode;
      return name.value === "default" ? "export default" : undefined;
    }
    default:
      return undefined;
  }
}
