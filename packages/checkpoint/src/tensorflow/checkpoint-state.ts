/** The text of a folder's `checkpoint` file, which says what its latest checkpoint is called. */
export function checkpointState(prefix: string): string {
  const name = escaped(prefix);
  return `model_checkpoint_path: "${name}"\nall_model_checkpoint_paths: "${name}"\n`;
}

/** What a `checkpoint` file says the latest checkpoint is called; undefined where it says nothing of the kind. */
export function latestPrefix(text: string): string | undefined {
  const name = /^[ \t]*model_checkpoint_path[ \t]*:[ \t]*(["'])((?:[^\\\n]|\\.)*?)\1/m.exec(text)?.[2];
  return name === undefined ? undefined : unescaped(name);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** As protocol buffers' text format has it: UTF-8, but control characters as three octal digits. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped.
  return text.replace(/["'\\\u0000-\u001f\u007f]/g, (character) => {
    const short = Object.entries(shortEscapes).find(([, meant]) => meant === character)?.[0];
    return `\\${short ?? character.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
}

function unescaped(text: string): string {
  const bytes: number[] = [];
  for (const [unit, octal, short] of text.matchAll(/\\([0-7]{1,3})|\\(.)|[^\\]+/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else for (const byte of new TextEncoder().encode(short === undefined ? unit : meaningOf(short))) bytes.push(byte);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function meaningOf(character: string): string {
  return Object.hasOwn(shortEscapes, character) ? shortEscapes[character]! : character;
}
