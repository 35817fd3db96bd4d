import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import type { JsonValue } from '@holdfast/shared/internal/json'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import { hasSeen, type VectorClock } from './vector-clock.ts'

/** What was compared in some histories. */
export interface Tally {
  decisions: number
  /** A change that a field held, and one that came. */
  pairs: number
  concurrent: number
  ties: number
  restores: number
  refused: number
  /** Called concurrent after a restore although its author had seen it. */
  cautious: number
  /** Values that a device predicted while it knew all that the server knew. */
  predictions: number
  /** Of those, what came out otherwise: the server had to change a time, the device had forgotten what a late write had not seen, or still held what was gone. */
  flickers: number
  /** Times that everybody was compared with the server. */
  evenings: number
}

export const emptyTally = (): Tally => ({
  ...{ decisions: 0, pairs: 0, concurrent: 0, ties: 0, restores: 0, refused: 0, cautious: 0, predictions: 0, flickers: 0, evenings: 0 },
})

/** A change that was put into a space's history: what `LogRow` says of it, and what the oracle says of who made it. */
export interface Decided {
  readonly space: string
  readonly dot: Dot
  readonly entry: string
  readonly author: VectorClock
  /** The time that 5.2 gives it. */
  readonly at: number
  readonly operations: readonly Operation[]
}

interface Head {
  readonly by: Dot
  readonly at: number
}

interface Field {
  readonly value: JsonValue
  /** What the server holds. */
  readonly heads: readonly Head[]
  /** Every change that it ever held. */
  readonly all: readonly Dot[]
}

/** What an entry says of a field after a change: its value, and its heads. */
type Packed = readonly [value: JsonValue, heads: readonly (readonly [session: string, n: number, seq: number, at: number])[]]
type Entry = readonly [seq: number, epoch: string, dot: Dot, user: string, at: number, effects: readonly Effect[]]
type Effect = readonly [table: string, id: string, change: { readonly f?: { readonly v?: Packed } }]

export class Mismatch extends Error {}

/**
 * The oracle. It reads the server's history as it is stored, and compares what each change left of the heads that were there with what
 * vector clocks say: a head is dropped if and only if the author of the change had seen it. After a restore a change may be called
 * concurrent that was seen, since `base` comes down to what both histories share (DESIGN 6); never the other way round: that would be a
 * silent overwrite.
 */
export function createJudge(tally: Tally) {
  let fields = new Map<string, Field>()
  let times = new Map<string, number>()
  let hlc = 0
  let isExact = true

  function expect(holds: boolean, what: string, where: object): void {
    if (!holds) throw new Mismatch(`${what} ${JSON.stringify(where, (_, value) => (value instanceof Map ? [...value] : value))}`)
  }

  /** The time of the next transaction that is decided, by the rule of 5.2. */
  function stamp([session]: Dot, sent: number, now: number): number {
    hlc = Math.max(hlc + 1, Math.max(0, Math.floor(now)) * 1024)
    return Math.max(Math.min(sent, hlc), 1 + (times.get(session) ?? 0))
  }

  function judge({ space, dot, entry, author, at, operations }: Decided): void {
    const [, , by, , decided, effects] = JSON.parse(entry) as Entry
    expect(dotName(by) === dotName(dot) && decided === at, `It is of ${decided}, not of`, { at, dot, by })
    times.set(dot[0], at)
    for (const [table, id, { f }] of effects) {
      if (table !== 'notes' || !f?.v) continue
      const [, , , , values] = operations.find((one) => one[1] === space && one[3] === id) as Operation & { 0: 'put' }
      judgeField(`${space} ${id}`, f.v, { dot, author, at, wrote: values.v ?? null })
    }
  }

  function judgeField(key: string, [value, packed]: Packed, change: Pick<Decided, 'dot' | 'author' | 'at'> & { wrote: JsonValue }): void {
    const { dot, author, at, wrote } = change
    const before = fields.get(key) ?? { value: null, heads: [], all: [] }
    const heads = packed.map(([session, n, , time]): Head => ({ by: [session, n], at: time }))
    const stays = (head: Head) => heads.some(({ by }) => dotName(by) === dotName(head.by))
    const where = { key, dot, author, before, heads, value, at }
    tally.decisions++
    for (const head of before.heads) {
      tally.pairs++
      const seen = hasSeen(author, head.by)
      if (!seen) tally.concurrent++
      if (stays(head) && seen && !isExact) tally.cautious++
      else expect(stays(head) !== seen, stays(head) ? 'Wrongly concurrent:' : 'Wrongly seen:', { head, ...where })
    }
    const left = before.heads.filter(stays)
    const unseen = before.all.filter((one) => !hasSeen(author, one))
    if (isExact) expect(left.length > 0 === unseen.length > 0, 'A dropped change was unseen:', { unseen, ...where })
    // Later than what it replaces: causality, not the clock, has the word.
    const own: Head = { by: dot, at: before.heads.reduce((time, head) => (stays(head) ? time : Math.max(time, head.at + 1)), at) }
    expect(heads.length === left.length + 1 && heads.some((head) => isSame(head, own)), 'Other heads than expected:', { own, ...where })
    const wins = left.every((head) => isLater(own, head))
    expect(value === (wins ? wrote : before.value), 'Another value than expected:', { wins, ...where })
    if (left.some((head) => head.at === own.at)) tally.ties++
    fields.set(key, { value, heads, all: [...before.all, dot] })
  }

  return {
    stamp,
    judge,
    expect,
    valueOf: (space: string, id: string): JsonValue | undefined => fields.get(`${space} ${id}`)?.value,
    /** Whether the server still holds this change of a record's field. */
    holds: (space: string, id: string, dot: Dot): boolean =>
      fields.get(`${space} ${id}`)?.heads.some(({ by }) => dotName(by) === dotName(dot)) ?? false,
    /** Remembers all this; called, it is as it was, but for what a restore makes uncertain. */
    backup() {
      const kept = { fields: new Map(fields), times: new Map(times), hlc }
      return () => {
        fields = new Map(kept.fields)
        times = new Map(kept.times)
        hlc = kept.hlc
        isExact = false
      }
    },
  }
}

export type Judge = ReturnType<typeof createJudge>

const isSame = (a: Head, b: Head): boolean => dotName(a.by) === dotName(b.by) && a.at === b.at

/** By time, then by session in the order of code points, which is that of UTF-8, then by number. */
const isLater = (a: Head, b: Head): boolean =>
  (a.at - b.at || Buffer.compare(Buffer.from(a.by[0]), Buffer.from(b.by[0])) || a.by[1] - b.by[1]) > 0
