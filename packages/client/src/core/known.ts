import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { Hlc } from '@holdfast/shared/internal/clock/hlc'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { Delta } from '@holdfast/shared/internal/merge/pack'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { BaseEvent, CommandOutcome, Healed, NoteEvent, Restored, Revision, Seqs, StoredDeadLetter, Voided } from './event.ts'
import { notePosition } from './position.ts'
import { nextTry } from './retry.ts'

/** What a device knows besides records and pending transactions: the fold of its base events. */
export interface Known {
  readonly generation: number
  /** The fence of whoever stored base last. */
  readonly fence: number
  readonly cut: Readonly<Record<string, Cursor>>
  /** Spaces whose copy belongs to an abandoned history, and the seq up to which their clock still holds. */
  readonly resync: Seqs
  readonly positions: Readonly<Record<string, readonly Cursor[]>>
  readonly hlc: Hlc
  readonly decided: Readonly<Record<string, number>>
  readonly accepted: BaseEvent['accepted']
  /** Up to which number base has what became of a session's transactions, where their verdicts are still to come. */
  readonly reached: Seqs
  /** Sessions of which no cursor says whether the server still has what it confirmed, and when it did, as long as that is kept. */
  readonly unproven: Readonly<Record<string, number>>
  readonly dead: readonly StoredDeadLetter[]
  /** What was refused and has no dead letter, or none any more: it was not applied, for ever. */
  readonly void: readonly Voided[]
  readonly spaces: readonly SpaceAccess[] | null
  readonly spacesTag: string | null
  /** Spaces that this user could read once, and can no more. */
  readonly lost: readonly string[]
  /** Whose the sessions are that base speaks of, but for its user's own. Read it by `userOf`. */
  readonly users: ReadonlyMap<string, string>
  /** What its user said of spaces: to be held on this device, or not. */
  readonly follows: Readonly<Record<string, boolean>>
  /** What the latest commands gave back. */
  readonly results: readonly CommandOutcome[]
  /** Up to which revision its user let writes go out that are older than he lets out unseen. */
  readonly approved: Revision
  /** Who takes over what is here. */
  readonly adoptedBy: string | null
  /** What a server that was restored had lost, the last time. */
  readonly restored: Restored | null
  readonly offset: number | null
  readonly now: number | null
  readonly resets: readonly Reset[]
  readonly forks: readonly NonNullable<BaseEvent['fork']>[]
  readonly shifts: readonly { readonly revision: Revision; readonly by: number; readonly now: number }[]
}

/** Another history that the server went on in. Clocks from before it had seen what is sent again by the seqs of then. */
export interface Reset {
  readonly generation: number
  readonly agree: Seqs
  readonly healed?: readonly Healed[]
}

export const nothingKnown: Known = {
  generation: 1,
  fence: 0,
  cut: {},
  resync: {},
  positions: {},
  hlc: 0,
  decided: {},
  accepted: [],
  reached: {},
  unproven: {},
  dead: [],
  void: [],
  spaces: null,
  spacesTag: null,
  lost: [],
  users: new Map(),
  follows: {},
  results: [],
  approved: 0,
  adoptedBy: null,
  restored: null,
  offset: null,
  now: null,
  resets: [],
  forks: [],
  shifts: [],
}

/** How many results of commands a device remembers. */
const RESULTS = 256

/** The spaces that were this user's and, by this list, are no more. */
export function lostSpaces(known: Known, spaces: readonly SpaceAccess[]): readonly string[] {
  return missingFrom(spaces, [...known.lost, ...namesOf(known.spaces)])
}

/** What was this user's until now and, by this list, is no more, held here or not. */
export function vanished(known: Known, spaces: readonly SpaceAccess[]): readonly string[] {
  return missingFrom(spaces, [...Object.keys(known.cut), ...namesOf(known.spaces)])
}

const namesOf = (spaces: Known['spaces']): readonly string[] => (spaces ?? []).map(({ space }) => space)

function missingFrom(spaces: readonly SpaceAccess[], had: readonly string[]): readonly string[] {
  const mine = new Set(namesOf(spaces))
  return [...new Set(had)].filter((space) => !mine.has(space))
}

/** Whether everything that this device is to hold has come. */
export const isComplete = (device: { readonly known: Known; readonly isBaseLost: boolean; follows(space: string): boolean }): boolean =>
  !device.isBaseLost && (device.known.spaces?.every(({ space }) => device.known.cut[space] || !device.follows(space)) ?? false)

/** Whether something that this device is to hold has still to come, for the first time or anew. */
export const isOwed = (device: { readonly known: Known; follows(space: string): boolean }): boolean => {
  const { spaces, cut, resync } = device.known
  return spaces?.some(({ space }) => (!cut[space] || resync[space] !== undefined) && device.follows(space)) ?? false
}

/**
 * Whether a delta goes on from what is here. Between what its leader knew and what it stored another tab may have let the space go, and
 * have wanted it again: then there is nothing left that it could go on from.
 */
export const goesOn = ({ cut }: Known, { space, from, whole }: Delta): boolean => whole || from <= (cut[space]?.seq ?? 0)

/** The part of a base event that folds into what is known; records are the view's. */
export function foldBase(known: Known, revision: Revision, event: BaseEvent): Known {
  const resync = { ...known.resync, ...event.resets }
  const positions = { ...known.positions }
  // The newer ones are of a history that was left.
  for (const [space, agree] of Object.entries(event.resets ?? {}))
    positions[space] = positions[space]?.filter(({ seq }) => seq <= agree) ?? []
  const cut = { ...known.cut }
  const torn = new Set(event.deltas.flatMap((delta) => (goesOn(known, delta) ? [] : delta.space)))
  for (const [space, cursor] of Object.entries(event.cut)) {
    // It is the server's history, whether or not anything of it is here.
    positions[space] = notePosition(positions[space] ?? [], cursor)
    if (torn.has(space)) continue
    delete resync[space]
    cut[space] = cursor
  }
  const folded: Known = {
    generation: event.generation,
    fence: event.fence,
    cut,
    resync,
    positions,
    hlc: Math.max(known.hlc, event.hlc),
    decided: { ...known.decided, ...event.decided },
    accepted: event.accepted,
    reached: event.reached ?? known.reached,
    unproven: { ...known.unproven, ...event.unproven },
    dead: event.dead.length > 0 ? [...known.dead, ...event.dead] : known.dead,
    void: event.void ? [...known.void, ...event.void] : known.void,
    spaces: event.spaces ?? known.spaces,
    lost: [...(event.spaces ? lostSpaces(known, event.spaces) : known.lost), ...(event.left ?? [])],
    users: event.users ? new Map([...known.users, ...event.users]) : known.users,
    follows: known.follows,
    approved: known.approved,
    adoptedBy: known.adoptedBy,
    results: event.results ? [...known.results, ...event.results].slice(-RESULTS) : known.results,
    spacesTag: event.spacesTag ?? known.spacesTag,
    restored: event.restored ?? known.restored,
    offset: event.offset ?? known.offset,
    now: event.now ?? known.now,
    resets: resetsWith(known.resets, event),
    forks: event.fork ? [...known.forks, event.fork] : known.forks,
    shifts: event.shift ? [...known.shifts, { revision, ...event.shift }] : known.shifts,
  }
  return (event.again ?? []).reduce(forget, folded)
}

function resetsWith(resets: Known['resets'], { generation, resets: agree, healed = [], again = [] }: BaseEvent): Known['resets'] {
  if (agree) return [...resets, { generation, agree, healed }]
  if (again.length + healed.length === 0) return resets
  // What is proposed once more was seen by whoever had seen it the first time.
  const tries = ([session, n, at]: Healed): Healed[] => (again.includes(dotName([session, n])) ? [[...nextTry([session, n]), at]] : [])
  // What one restore lost may be noticed in several steps.
  const late = (one: Reset) => (one === resets.at(-1) ? healed : [])
  return resets.map((one) => ({ ...one, healed: [...(one.healed ?? []), ...(one.healed ?? []).flatMap(tries), ...late(one)] }))
}

/** The part of a note that folds into what is known. */
export function foldNote(known: Known, event: NoteEvent): Known {
  if ('follow' in event) return { ...known, follows: { ...known.follows, [event.space]: event.follow } }
  if ('adoptedBy' in event) return { ...known, adoptedBy: known.adoptedBy ?? event.adoptedBy }
  if ('forget' in event) return forget(known, event.forget)
  return 'approved' in event ? { ...known, approved: event.approved } : known
}

/** Without a dead letter: what it would have written is lost, and its transaction stays refused. */
function forget(known: Known, letter: string): Known {
  const [gone] = known.dead.filter(({ id }) => id === letter)
  if (!gone) return known
  const {
    code,
    transaction: { dot },
  } = gone
  return { ...known, dead: known.dead.filter((one) => one !== gone), void: [...known.void, [...dot, dot[1], code]] }
}

/** The generation in which the copy of a space was made that is being fetched anew; undefined of one that goes on. */
export function abandonedGeneration({ resync, resets, generation }: Known, space: string): number | undefined {
  if (resync[space] === undefined) return undefined
  const left = resets.findLast(({ agree }) => agree[space] !== undefined)
  return (left?.generation ?? generation + 1) - 1
}
