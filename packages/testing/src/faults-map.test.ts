// docs/faults.md against the tests that it names.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'rolldown/parseAst'
import { expect, test } from 'vitest'
import { readDocument } from '../../../scripts/fences.ts'

/** Every fault of severity S1 or S2 in the catalogue. */
const FAULTS = `
  A1 A2 A3 A4 A5 A6 A7 A8 A9 A11  B1 B2 B3 B4 B5  C1 C2 C3 C4 C5 C6 C7 C8 C9 C11 C12 C13 C14
  D1 D2 D3 D4 D5 D6 D7 D8 D9 D10  E1 E2 E3 E4 E5 E6  F1 F2 F3 F4 F5 F6  G1 G2 G3 G4 G6 G8 G9 G10  H1 H2 H3 H4 H5  I1 I2 I3 I4`

/** Every section of the schedules, and its parts where each is a schedule of its own. */
const SCHEDULES = [
  ...['1 set', '1 max', '1 three-way', '1 counter', '2', '3 dropped', '3 revoked', '3 too big', '3 not migratable', '3 always 5xx'],
  ...['3 beyond the heal window', '3 commit fails', '4 squash', '4 migration', '4 fork', '5 verdict lost', '5 forgotten', '5 hijack'],
  ...['5 order', '6.1', '6.2', '6.3', '6.4', '6.5', '7', '8', '9 of others', '9 the operator meant it', '9 order', '9 session rows', '10'],
  ...['11 old edit', '11 stale field', '12', '13 aborted read', '13 masked read', '13 lost write', '14', '15 retry'],
  ...['15 restore of a conflict', '15 undo', '16.1', '16.2', '16.3', '16.4', '17', '18', '19', '20', '21', '22', '23', '24', '25'],
]

const packages = fileURLToPath(new URL('../../', import.meta.url))

interface MappedRow {
  readonly id: string
  readonly tests: readonly (readonly [file: string, title: string])[]
  readonly why: string
}

const rows = [...readDocument('docs/faults.md').matchAll(/^\| ([A-I]?\d[^|]*?) \| (.*?) \| (.*?) ?\|$/gm)].map(
  ([, id = '', tests = '', why = '']): MappedRow => ({
    id,
    tests: [...tests.matchAll(/`([\w./-]+\.test\.ts) › ([^`]+)`/g)].map(([, file = '', title = '']) => [file, title] as const),
    why,
  }),
)

type Node = { readonly type?: string } & Record<string, unknown>

/** The titles of the tests in a text, as they are written: `%s` and `${…}` stand for themselves. Those that are skipped do not count. */
function titlesIn(text: string): ReadonlySet<string> {
  const titles = new Set<string>()
  const look = (node: Node): void => {
    if (node.type === 'CallExpression' && /^(test|it)(\.each)?$/.test(nameOf(node.callee as Node))) {
      const [title] = node.arguments as Node[]
      if (title?.type === 'Literal') titles.add(String(title.value))
      if (title?.type === 'TemplateLiteral') titles.add(text.slice(Number(title.start) + 1, Number(title.end) - 1))
    }
    for (const part of Object.values(node).flat()) if (part && typeof part === 'object') look(part as Node)
  }
  look(parseAst(text, { lang: 'ts' }) as unknown as Node)
  return titles
}

/** `test`, `test.each`, `test.skip` …: of what is called, however often. */
function nameOf(callee: Node): string {
  if (callee.type === 'CallExpression') return nameOf(callee.callee as Node)
  if (callee.type === 'MemberExpression') return `${nameOf(callee.object as Node)}.${nameOf(callee.property as Node)}`
  return String(callee.name ?? '')
}

test('every fault and every schedule is in the table, once, with tests or with a reason', () => {
  expect(rows.map(({ id }) => id).sort()).toEqual([...FAULTS.trim().split(/\s+/), ...SCHEDULES].sort())
  expect(rows.filter(({ tests, why }) => tests.length === 0 && why === '')).toEqual([])
})

test('every test that is named there exists', () => {
  const files = new Set(rows.flatMap(({ tests }) => tests.map(([file]) => file)))
  expect([...files].filter((file) => !existsSync(packages + file))).toEqual([])
  const titles = new Map([...files].map((file) => [file, titlesIn(readFileSync(packages + file, 'utf8'))]))
  const missing = rows.flatMap(({ id, tests }) =>
    tests.filter(([file, title]) => !titles.get(file)?.has(title)).map(([file, title]) => `${id}: ${file} › ${title}`),
  )
  expect(missing).toEqual([])
  expect(files.size).toBeGreaterThan(20)
})

test('what is skipped, known not to hold, or only mentioned is no test', () => {
  const text = [
    "test('a', () => undefined)",
    'describe.each([1])(`n`, () => test.each([1])(`b %s`, { timeout: 1 }, (one: number) => one as never))',
    "test.skip('c', () => undefined)",
    "test.fails('d', () => undefined)",
    "// test('e', () => undefined)",
    "expect('f').toBe('f')",
    "test.each([1]).skip('g', () => undefined)",
  ]
  expect([...titlesIn(text.join('\n'))]).toEqual(['a', 'b %s'])
})
