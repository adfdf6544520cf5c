/** Whether a zip archive with these members is one of torch.save's. */
export function isPyTorchZip(names: Iterable<string>): boolean {
  return pickleIn(names) !== undefined;
}

/** The name of the member that says what the others are: `<folder>/data.pkl`, whatever the folder is called. */
export function pickleIn(names: Iterable<string>): string | undefined {
  for (const name of names) if (/^[^/]+\/data\.pkl$/.test(name)) return name;
  return undefined;
}
