import type { JsonValue } from '@holdfast/shared'

/** One operation as a table says it: `set "A"`, `move "a" after "b"`. What is no JSON is a word. */
export interface Step {
  readonly verb: string
  readonly args: readonly JsonValue[]
}

export type Person = 'Ann' | 'Bob'

/** What comes of a pair. A value that is `undefined` is shown by nobody. */
export interface Outcome {
  /** What may be shown: one value, unless nobody can know which. */
  readonly shown: readonly (JsonValue | undefined)[]
  /** Who is told what: `conflict of Ann: "A"`, `conflict of Ann, deleted: "A"`, `dead letter of Bob: exists`. */
  readonly told: readonly string[]
}

/** A row of a table of pairs. */
export interface Pair {
  readonly line: number
  /** The heading that it stands under: a policy of fields, or of deletion. */
  readonly policy: string
  readonly before: { readonly is: 'there' | 'none' | 'deleted'; readonly value?: JsonValue }
  readonly steps: Readonly<Record<Person, readonly Step[]>>
  /** By who goes online first. */
  readonly outcomes: Readonly<Record<Person, Outcome>>
}

/**
 * The pairs of docs/conflicts.md: the rows of the tables whose first column is `before`, under a heading that begins with a name in
 * backticks. In a cell only what stands in backticks counts:
 *
 * - before: JSON, `none`, or `deleted` and JSON;
 * - Ann, Bob: operations, each a verb and its arguments;
 * - an outcome: JSON or `gone`, where nobody can know several with `or` between them; after `;` who is told. `the same` repeats the column
 *   before.
 */
export function readPairs(document: string): Pair[] {
  const pairs: Pair[] = []
  let policy = ''
  let columns: readonly string[] = []
  for (const [i, text] of document.split('\n').entries()) {
    if (text.startsWith('#')) policy = /^### `([\w-]+)`/.exec(text)?.[1] ?? ''
    const cells = text.startsWith('|') ? text.split('|').map((cell) => cell.trim()) : []
    if (cells.length === 0) columns = []
    else if (columns.length === 0) columns = cells
    else if (columns[1] === 'before' && !cells[1]?.startsWith('-')) pairs.push(readPair(cells, { line: i + 1, policy }))
  }
  return pairs
}

function readPair(
  [, before = '', ann = '', bob = '', first = '', second = 'the same']: readonly string[],
  at: Pick<Pair, 'line' | 'policy'>,
): Pair {
  try {
    const annFirst = readOutcome(first)
    return {
      ...at,
      before: readBefore(spans(before)),
      steps: { Ann: spans(ann).map(readStep), Bob: spans(bob).map(readStep) },
      outcomes: { Ann: annFirst, Bob: second === 'the same' || second === '' ? annFirst : readOutcome(second) },
    }
  } catch (error) {
    throw new Error(`docs/conflicts.md:${at.line}: ${(error as Error).message}`)
  }
}

const spans = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)

function readBefore([text = '', ...more]: readonly string[]): Pair['before'] {
  if (more.length > 0) throw new Error('one state before is enough')
  if (text === 'none') return { is: 'none' }
  const [, deleted, value = ''] = /^(deleted )?(.+)$/.exec(text) ?? []
  return { is: deleted ? 'deleted' : 'there', value: JSON.parse(value) as JsonValue }
}

function readStep(text: string): Step {
  const [verb = '', ...args] = text.match(/"[^"]*"|[[{].*[\]}]|\S+/g) ?? []
  return { verb, args: args.map((arg) => (/^[a-z]+$/.test(arg) && arg !== 'null' ? arg : (JSON.parse(arg) as JsonValue))) }
}

const NOTE = /(conflict|dead letter) of (Ann|Bob)(, deleted)?: `([^`]+)`/g

function readOutcome(cell: string): Outcome {
  const [values = '', ...notes] = cell.split('; ')
  const shown = spans(values).map((text) => (text === 'gone' ? undefined : (JSON.parse(text) as JsonValue)))
  const told = notes.join('; ')
  if (shown.length === 0 || told.replace(NOTE, '').replaceAll(', ', '') !== '') throw new Error(`no outcome: ${cell}`)
  return { shown, told: [...told.matchAll(NOTE)].map(([note]) => note.replaceAll('`', '')).sort() }
}

/** The rows of the table whose first column is called so. */
export function readTable(document: string, column: string): [string, string, string, string][] {
  const [, rest = ''] = document.split(new RegExp(`^\\| ${column} +\\|`, 'm'))
  const [table = ''] = rest.split('\n\n')
  const rows = table
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
  if (rows.length === 0) throw new Error(`docs/conflicts.md has no table that begins with "${column}"`)
  return rows.map(
    (row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()) as [string, string, string, string],
  )
}
