/** A file's text without the U+FEFF that some editors put in front. */
export const withoutByteOrderMark = (text: string): string => (text.startsWith("\ufeff") ? text.slice(1) : text);
