/** Rows of cells as columns: words from the left, columns of numbers to the right. */
export function showTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const numeric = rows[0]!.map((_, column) => rows.slice(1).every((row) => /^[\d.,%e+-]*$/.test(row[column]!)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}
