export async function report(_files: readonly string[]): Promise<void> {}
