/** Of a block's trailer: the kind of compression and a masked checksum of the block and that byte. */
export const trailerSize = 5;

/** Of a table's footer: two block handles, padding, and {@link tableMagic}. */
export const footerSize = 48;

/** What every table ends with. */
export const tableMagic = 0xdb4775248b80fb57n;
