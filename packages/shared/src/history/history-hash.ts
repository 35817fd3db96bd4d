import type { Dot } from '../clock/dot.ts'
import { base64url, type SpaceId } from '../ids.ts'
import { canonical, type JsonValue } from '../json.ts'

/** SHA-256; given by the platform, because no pure one is as fast as the machine's. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** The effects of a transaction in one space: `[table, id, change]`, sorted by table, then id. */
export type Effects = readonly (readonly [table: string, id: string, change: JsonValue])[]

const utf8 = new TextEncoder()

/** h₀ = SHA-256(utf8(["h0", epoch of the space's creation, space])), all 32 bytes. */
export const firstHash = (sha256: Sha256, epoch: string, space: SpaceId): Uint8Array => sha256(utf8.encode(canonical(['h0', epoch, space])))

/** hₙ = SHA-256(hₙ₋₁ ‖ utf8(entry)). */
export function nextHash(sha256: Sha256, previous: Uint8Array, entry: string): Uint8Array {
  const text = utf8.encode(entry)
  const bytes = new Uint8Array(previous.length + text.length)
  bytes.set(previous)
  bytes.set(text, previous.length)
  return sha256(bytes)
}

/** An entry of a space's history as RFC 8785 text: computed once by the engine, stored as text, never printed again. */
export function historyEntry(entry: { seq: number; epoch: string; dot: Dot; user: string; at: number; effects: Effects }): string {
  return canonical([entry.seq, entry.epoch, entry.dot, entry.user, entry.at, entry.effects])
}

/** A hash on the wire: its first 16 bytes. */
export const shortHash = (hash: Uint8Array): string => base64url(hash.subarray(0, 16))

/** A position in a space's history, and proof of which history it is. */
export interface Cursor {
  readonly seq: number
  readonly hash: string
}

/** A consistent set of cursors. */
export type Cut = ReadonlyMap<SpaceId, Cursor>
