import { type Sha256, shortHash } from '@holdfast/shared/internal/history/history-hash'

/** What the name of a segment is made of. */
export interface Named {
  readonly id: string
  /** Known to the server alone. */
  readonly secret: string
}

/** Milliseconds. Names change at each multiple, so that within it all who ask are given the same ones, and caches are of use. */
const STEP = 12 * 60 * 60_000

/** The longest that a name is good for, in milliseconds; the shortest is half of it. */
export const NAME_LIFE = 2 * STEP

/** 22 characters of id, when it ends (a multiple of {@link STEP}), and 22 that prove both. */
const FORM = /^([\w-]{22})\.(\d{1,9})\.[\w-]{22}$/

const utf8 = new TextEncoder()

// Half of a SHA-256 over a secret of fixed length: what could be appended to it needs the other half.
const sign = (sha256: Sha256, { id, secret }: Named, end: number): string =>
  `${id}.${end}.${shortHash(sha256(utf8.encode(`${secret}.${id}.${end}`)))}`

/** The name of a segment that is handed out now: a capability, which nobody can guess. */
export const nameOf = (sha256: Sha256, of: Named, now: number): string => sign(sha256, of, Math.floor(now / STEP) + 2)

/** What a name says, unproven; `until` in milliseconds since 1970. */
export function readName(name: string): { readonly id: string; readonly until: number } | undefined {
  const [, id, end] = FORM.exec(name) ?? []
  return id === undefined ? undefined : { id, until: Number(end) * STEP }
}

/** Whether we have given this name to this segment. Takes as long wherever the first difference is. */
export function isNameOf(sha256: Sha256, of: Named, name: string): boolean {
  const right = sign(sha256, of, (readName(name)?.until ?? 0) / STEP)
  let difference = right.length ^ name.length
  for (let i = 0; i < right.length; i++) difference |= right.charCodeAt(i) ^ name.charCodeAt(i)
  return difference === 0
}
