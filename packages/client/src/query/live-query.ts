import { canonical } from '@holdfast/shared/internal/json'
import { compareBy, matches } from '@holdfast/shared/internal/query/predicate'
import { type AnyRow, type Asker, everything, type Question, type RowChange } from '@holdfast/shared/internal/query/question'
import type { Live } from '@holdfast/shared/internal/query/reading'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { computedRecipe, type Pull } from './computed.ts'
import { planIndex } from './index-plan.ts'
import { createHub, type Recipe } from './live.ts'
import { createIndex, type PackedIndex } from './packed-index.ts'
import { allMatching, countMatching, firstMatching, type PackedSource } from './packed-rows.ts'
import { type Edit, type SortedRows, sortRows } from './sorted-rows.ts'

type Rows = readonly AnyRow[]

/** All live values of a database. */
export interface Views extends Asker {
  rows(question: Question): Live<Rows>
  first(question: Question): Live<AnyRow | undefined>
  count(question: Question): Live<number>
  record(table: string, space: string | undefined, id: string): Live<AnyRow | undefined>
  /** A value that someone else keeps, such as the status: `read` gives the same object until it changes. */
  value<T>(key: string, read: () => T): Live<T>
  /** A value that is computed again when what it read through the asker changes. */
  computed<T>(compute: (asker: Asker) => T): Live<T>
  /** Answers as of now with the changes of a transaction on top, which the source does not show yet. */
  during(changes: () => readonly RowChange[]): Asker
  /** Brings everything up to date with changes that the source shows since the last call; nobody hears of it before `notify`. */
  apply(changes: readonly RowChange[]): void
  notify(): void
}

interface Match {
  sorted: SortedRows
  version: number
}

/** What is kept up to date. */
interface Maintained {
  tell(changes: readonly RowChange[]): void
  /** Everything may have changed, and no change was told. */
  renew(): void
}

interface Options {
  readonly source: PackedSource
  readonly tables: Readonly<Record<string, TableDef>>
  /** Hears what listeners and computations throw; must not throw. */
  readonly report: (error: unknown) => void
  /** Calls when there is nothing more urgent. */
  readonly later?: (work: () => void) => void
}

/** Places that are sorted in one go while nobody waits: about a millisecond. */
const AHEAD = 2_000

/** Up to so many are looked for one by one among all that match; more are found by sorting those. */
const FEW = 200

export function createViews({ source, tables, report, later }: Options): Views {
  const hub = createHub(report)
  // What to tell of the changes of each table.
  const maintained = new Map<string, Set<Maintained>>()
  const indexes = new Map<string, { readonly index: PackedIndex; readonly stop: () => void }>()
  let { layout, renewals } = source
  let computations = 0

  /** What changes mean for the answer to a question, before its limit. */
  function editsOf(question: Question, changes: readonly RowChange[]): readonly Edit[] {
    const { table, space } = question
    const edits: Edit[] = []
    const within = (row: AnyRow | undefined) => (row && matches(question, row) ? row : undefined)
    for (const change of changes) {
      if (change.table !== table || (space !== null && change.space !== space)) continue
      const edit = { before: within(change.before), after: within(change.after) }
      if (edit.before || edit.after) edits.push(edit)
    }
    return edits
  }

  /** From now on tells of edits to the answer, or that it is to be found afresh; returns the way to stop. */
  function maintain(question: Question, apply: (edits: readonly Edit[]) => void, renew: () => void): () => void {
    const one: Maintained = {
      tell(changes) {
        const edits = editsOf(question, changes)
        if (edits.length) apply(edits)
      },
      renew,
    }
    const told = maintained.get(question.table) ?? new Set()
    maintained.set(question.table, told.add(one))
    return () => told.delete(one)
  }

  /** An index of one space or of all, built when first needed and kept from then on. */
  function indexOf({ table, space }: Question, columns: readonly string[]): PackedIndex {
    // Places of before mean nothing.
    if (layout !== source.layout) forgetIndexes()
    const key = canonical([table, space, columns])
    let known = indexes.get(key)
    if (!known) {
      const index = createIndex(source, { table, space }, columns)
      known = { index, stop: maintain(everything(table, space), index.apply, () => undefined) }
      indexes.set(key, known)
      sortLater(key, index)
    }
    return known.index
  }

  /** What the next question asks of an index is in order by then, if it leaves a moment. */
  function sortLater(key: string, index: PackedIndex): void {
    later?.(() => {
      if (indexes.get(key)?.index === index && index.sortAhead(AHEAD)) sortLater(key, index)
    })
  }

  function forgetIndexes(): void {
    for (const { stop } of indexes.values()) stop()
    indexes.clear()
    layout = source.layout
  }

  /** What matches, in the order of the question if it says so; at most `enough` then. */
  function find(question: Question, enough = Infinity): { found: AnyRow[]; ordered: boolean } {
    const plan = planOf(question)
    if (!plan && enough <= FEW) return { found: firstMatching(source, question, enough), ordered: true }
    if (!plan) return { found: [...allMatching(source, question)], ordered: false }
    return { found: indexOf(question, plan.columns).find(question, plan, enough), ordered: plan.ordered }
  }

  function countOf(question: Question): number {
    const plan = planOf(question)
    return plan ? indexOf(question, plan.columns).count(question, plan) : countMatching(source, question)
  }

  const planOf = (question: Question) => planIndex(tables[question.table]?.indexes ?? [], question)

  const keyOf = (kind: string, question: Question) => kind + canonical(question as never)

  /** Everything that matches, kept in order: shared by all limits. */
  function matchRecipe(question: Question): Recipe<Match> {
    const once = (): Match => ({ sorted: sortRows(find(question).found, compareBy(question.order)), version: 0 })
    return {
      key: keyOf('match', { ...question, limit: null }),
      once,
      start() {
        const match = once()
        const stop = maintain(
          question,
          (edits) => {
            match.sorted.apply(edits)
            match.version++
          },
          () => {
            match.sorted = once().sorted
            match.version++
          },
        )
        return { value: () => match, stop }
      },
    }
  }

  /** What matches, in order, with changes on top; at least as many as the limit. */
  function select(question: Question, changes: readonly RowChange[] = []): Rows {
    const edits = editsOf(question, changes)
    const recipe = matchRecipe(question)
    if (edits.length) {
      const { sorted } = recipe.once()
      sorted.apply(edits)
      return sorted.rows
    }
    const match = hub.peek(recipe)
    if (match) return match.value().sorted.rows
    const { found, ordered } = find(question, question.limit ?? Infinity)
    return ordered ? found : found.sort(compareBy(question.order))
  }

  /** Something that follows from what matches. */
  const derivedRecipe = <T>(kind: string, question: Question, of: (rows: Rows, last?: T) => T): Recipe<T> => ({
    key: keyOf(kind, question),
    once: (changes) => of(select(question, changes)),
    start(last) {
      const held = hub.hold(matchRecipe(question))
      const match = held.value()
      let { version } = match
      let value = of(match.sorted.rows, last)
      return {
        value() {
          if (version !== match.version) {
            version = match.version
            value = of(match.sorted.rows, value)
          }
          return value
        },
        stop: held.stop,
      }
    },
  })

  const rowsRecipe = (question: Question): Recipe<Rows> => derivedRecipe('rows', question, (rows, last) => clip(question, rows, last))

  const firstRecipe = (question: Question): Recipe<AnyRow | undefined> => {
    const one = { ...question, limit: Math.min(1, question.limit ?? 1) }
    return derivedRecipe('first', one, (rows) => clip(one, rows)[0])
  }

  function countRecipe(question: Question): Recipe<number> {
    const bounded = (n: number) => Math.min(n, question.limit ?? n)
    const growth = (edits: readonly Edit[]) => edits.reduce((n, { before, after }) => n + (after ? 1 : 0) - (before ? 1 : 0), 0)
    return {
      key: keyOf('count', { ...question, order: [] }),
      once: (changes = []) => bounded(countOf(question) + growth(editsOf(question, changes))),
      start() {
        let n = countOf(question)
        const stop = maintain(
          question,
          (edits) => {
            n += growth(edits)
          },
          () => {
            n = countOf(question)
          },
        )
        return { value: () => bounded(n), stop }
      },
    }
  }

  const valueRecipe = <T>(key: string, once: Recipe<T>['once']): Recipe<T> => ({ key, once, start: () => ({ value: once, stop() {} }) })

  const recordRecipe = (table: string, space: string | undefined, id: string): Recipe<AnyRow | undefined> =>
    valueRecipe(canonical([table, space ?? null, id]), (changes = []) => {
      let row = source.get(table, space, id)
      for (const change of changes) {
        if (change.table === table && change.id === id && (space ?? change.space) === change.space && row === change.before)
          row = change.after
      }
      return row
    })

  const asker = (pull: Pull): Asker => ({
    rows: (question) => pull(rowsRecipe(question)),
    first: (question) => pull(firstRecipe(question)),
    count: (question) => pull(countRecipe(question)),
    record: (table, space, id) => pull(recordRecipe(table, space, id)),
  })

  return {
    ...(asker(hub.live) as Views),
    // Read straight: others say when it changed, and only before they notify.
    value: (key, read) => ({ ...hub.live(valueRecipe(key, read)), read }),
    computed: (compute) => hub.live(computedRecipe(hub, `computed ${++computations}`, (pull) => compute(asker(pull)))),
    during: (changes) => asker((recipe) => ({ key: recipe.key, read: () => recipe.once(changes()) })),
    apply(changes) {
      hub.forget()
      if (renewals !== source.renewals) {
        renewals = source.renewals
        forgetIndexes()
        for (const told of maintained.values()) for (const { renew } of told) renew()
      } else
        for (const table of new Set(changes.map((change) => change.table)))
          for (const { tell } of maintained.get(table) ?? []) tell(changes)
    },
    notify: hub.notify,
  }
}

/** As many as the limit says: the same array if they are the same rows. */
function clip({ limit }: Question, rows: Rows, last?: Rows): Rows {
  const next = Object.freeze(rows.slice(0, limit ?? undefined))
  return last && same(last, next) ? last : next
}

function same(a: Rows, b: Rows): boolean {
  // A loop, since callbacks on a frozen array are thirty times as slow.
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return a.length === b.length
}
