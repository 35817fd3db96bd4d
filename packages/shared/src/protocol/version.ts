/**
 * The version of the wire protocol, and what each one changed. Another version is answered `upgrade`; the client keeps its queue and
 * goes on reading and writing locally. `wire-lock.test.ts` fails when a schema changes and this number does not.
 *
 * 1. The first: sync, live, members, health.
 */
export const PROTOCOL = 1
