/** What one request may carry, known to both sides: the client keeps to it at the write, the server refuses what is beyond. */
export const LIMITS = {
  /** Bytes of a request body, after decompression. */
  bodyBytes: 4 * 1024 * 1024,
  /** Bytes of one transaction's payload; `too_large` at the write. */
  transactionBytes: 1024 * 1024,
  /** Bytes of all that a set or map holds, or of the values of a field that were written at the same time. */
  fieldBytes: 1024 * 1024,
  /** Operations of one transaction. */
  operations: 10_000,
  /** Transactions of one request; a longer queue goes in several. */
  transactions: 500,
  /** Spaces that one client follows. */
  spaces: 10_000,
  /** Sessions that one request speaks of. */
  sessions: 1_000,
  /** Entries of the list of positions that a client has been at. */
  positions: 32,
  /** Nesting of a request body, counted before it is parsed. */
  depth: 64,
} as const
