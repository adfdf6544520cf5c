/**
 * The flags of WebGPU's GPUBufferUsage that are needed here: numbers of the standard, since Node has no such global.
 */
export const usage = { mapRead: 0x1, copySource: 0x4, copyDestination: 0x8, uniform: 0x40, storage: 0x80 } as const;

/** WebGPU's GPUMapMode.READ. */
export const mapModeRead = 0x1;
