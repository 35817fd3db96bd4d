import { canonical } from '@holdfast/shared/internal/json'
import { compareBy, matches } from '@holdfast/shared/internal/query/predicate'
import {
  type AnyRow,
  type Asker,
  everything,
  type Question,
  type RowChange,
  type RowSource,
} from '@holdfast/shared/internal/query/question'
import type { Live } from '@holdfast/shared/internal/query/reading'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { computedRecipe, type Pull } from './computed.ts'
import { createHub, type Recipe } from './live.ts'
import { planIndex, rangeOf } from './ordered-index.ts'
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
  readonly sorted: SortedRows
  version: number
}

interface Options {
  readonly source: RowSource
  readonly tables: Readonly<Record<string, TableDef>>
  /** Hears what listeners and computations throw; must not throw. */
  readonly report: (error: unknown) => void
}

export function createViews({ source, tables, report }: Options): Views {
  const hub = createHub(report)
  // What to tell of the changes of each table.
  const maintained = new Map<string, Set<(changes: readonly RowChange[]) => void>>()
  const indexes = new Map<string, SortedRows>()
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

  /** From now on tells of edits to the answer; returns the way to stop. */
  function maintain(question: Question, apply: (edits: readonly Edit[]) => void): () => void {
    const tell = (changes: readonly RowChange[]) => {
      const edits = editsOf(question, changes)
      if (edits.length) apply(edits)
    }
    const told = maintained.get(question.table) ?? new Set()
    maintained.set(question.table, told.add(tell))
    return () => told.delete(tell)
  }

  const scan = ({ table, space }: Question) => source.rows(table, space ?? undefined)

  /** An index of one space or of all, built when first needed and kept from then on. */
  function indexOf({ table, space }: Question, columns: readonly string[]): readonly AnyRow[] {
    const key = canonical([table, space, columns])
    let index = indexes.get(key)
    if (!index) {
      const all = everything(table, space)
      index = sortRows(scan(all), compareBy(columns.map((column) => [column, 'asc'])))
      indexes.set(key, index)
      maintain(all, index.apply)
    }
    return index.rows
  }

  /** What matches, in the order of the question if it says so; at most `enough` then. */
  function find(question: Question, enough = Infinity): { found: AnyRow[]; ordered: boolean } {
    const plan = planIndex(tables[question.table]?.indexes ?? [], question)
    const found: AnyRow[] = []
    if (!plan) {
      for (const row of scan(question)) if (matches(question, row)) found.push(row)
      return { found, ordered: false }
    }
    const rows = indexOf(question, plan.columns)
    const [from, to] = rangeOf(rows, plan)
    for (let i = from; i < to && !(plan.ordered && found.length >= enough); i++) {
      const row = rows[i] as AnyRow
      if (matches(question, row)) found.push(row)
    }
    return { found, ordered: plan.ordered }
  }

  const keyOf = (kind: string, question: Question) => kind + canonical(question as never)

  /** Everything that matches, kept in order: shared by all limits. */
  function matchRecipe(question: Question): Recipe<Match> {
    const once = (): Match => ({ sorted: sortRows(find(question).found, compareBy(question.order)), version: 0 })
    return {
      key: keyOf('match', { ...question, limit: null }),
      once,
      start() {
        const match = once()
        const stop = maintain(question, (edits) => {
          match.sorted.apply(edits)
          match.version++
        })
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
      once: (changes = []) => bounded(find(question).found.length + growth(editsOf(question, changes))),
      start() {
        let n = find(question).found.length
        const stop = maintain(question, (edits) => {
          n += growth(edits)
        })
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
      for (const table of new Set(changes.map((change) => change.table))) for (const tell of maintained.get(table) ?? []) tell(changes)
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
