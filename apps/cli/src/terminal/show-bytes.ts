/** A number of bytes as people read it, in powers of 1000 as disks and networks have them: `90.9 MB`. */
export function bytes(count: number): string {
  const power = units.filter((_, i) => count >= 1000 ** i).length - 1;
  if (power <= 0) return `${count} B`;
  return `${(count / 1000 ** power).toFixed(1)} ${units[power]}`;
}

const units = ["B", "kB", "MB", "GB", "TB"];
