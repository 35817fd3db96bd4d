/**
 * An id that remembers its table: one from a URL (a plain string) fits, an id of another table does not. The key exists in types alone; a
 * symbol would be tidier, but the declarations of an app that exports a command could not name it.
 */
export type Id<T extends string = string> = string & { readonly '~table'?: T }

/** A space: a user's own data, a shared list, a workspace. */
export type SpaceId = string

/** One opening of the database by one tab. */
export type SessionId = string

/** Stands in the name of a session in which a dead letter is tried again, and in no other: what comes before is the letter's own. */
export const RETRIES = '~'

/** The session whose dead letter is tried again in this one; an ordinary one is itself. */
export const retriedSession = (session: SessionId): SessionId => session.split(RETRIES, 1)[0] as SessionId

/** The longest id in UTF-8 bytes. */
export const MAX_ID_BYTES = 256

/** The space that every user has. A function of the user alone, so that a device knows it before it ever reached the server. */
export const homeSpace = (userId: string): SpaceId => `home:${userId}`

/** Whether a client may bring a space with this id into being: 16 random bytes after a prefix can be neither guessed nor squatted. */
export const isCreatable = (space: SpaceId): boolean => /^[a-z][a-z0-9]*_[A-Za-z0-9_-]{22}$/.test(space)

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64url without padding (RFC 4648, section 5): 16 random bytes give a 22 character id. */
export function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const digits = Math.min(4, Math.ceil(((bytes.length - i) * 8) / 6))
    for (let d = 0; d < digits; d++) text += ALPHABET[(group >> (18 - 6 * d)) & 63]
  }
  return text
}

interface Random {
  randomBytes(length: number): Uint8Array
}

/** A fresh session: 96 bits, which nobody guesses nor meets twice, and few enough to stand in every head of a record and every frame. */
export const newSession = (random: Random): SessionId => base64url(random.randomBytes(12))

/** The nonce of a request: 48 bits tell its answer from that of another one of this client's. */
export const newNonce = (random: Random): string => base64url(random.randomBytes(6))
