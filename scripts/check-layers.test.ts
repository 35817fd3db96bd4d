import { expect, test } from 'vitest'
import { findFaults } from './check-layers.ts'

const faultsOf = (files: Record<string, string>) => findFaults(new Map(Object.entries(files)))

test.each([
  ['packages/shared/src/a.ts', "import { x } from '@holdfast/client'"],
  ['packages/shared/src/a.ts', "export { x } from '../../server/src/b.ts'"],
  ['packages/client/src/a.ts', "import type { X } from '@holdfast/server'"],
  ['packages/client/src/a.test.ts', "import '@holdfast/server/dev'"],
  ['packages/server/src/a.ts', "const x = import('@holdfast/client/internal/core/view')"],
  ['packages/server/src/a.ts', "import {\n  x,\n} from '@holdfast/testing'"],
])('%s must not contain: %s', (path, text) => {
  expect(faultsOf({ [path]: text })).toEqual([expect.stringContaining('must not import')])
})

test('packages never import examples', () => {
  expect(faultsOf({ 'packages/testing/src/a.ts': "import '../../../examples/todo/server.ts'" })).toHaveLength(1)
  expect(faultsOf({ 'packages/testing/src/a.ts': "import '@holdfast/example-todo'" })).toHaveLength(1)
})

test('the arrows that are allowed pass', () => {
  const files = {
    'packages/client/src/a.ts': "import { x } from '@holdfast/shared'\nimport y from '@holdfast/shared/internal/json'",
    'packages/server/src/a.ts': "import { x } from '@holdfast/shared'",
    'packages/testing/src/a.ts': "import { x } from '@holdfast/client'\nimport { y } from '@holdfast/server/sqlite'",
    'packages/shared/src/a.ts': "// import { x } from '@holdfast/client'",
  }
  expect(faultsOf(files)).toEqual([])
})

test('import cycles fail, also through a package name and with types only', () => {
  expect(
    faultsOf({ 'packages/client/src/a.ts': "import './b.ts'", 'packages/client/src/b.ts': "import type { A } from './a.ts'" }),
  ).toEqual(['import cycle: packages/client/src/a.ts -> packages/client/src/b.ts -> packages/client/src/a.ts'])
  const through = { 'packages/shared/src/index.ts': "export * from './a.ts'", 'packages/shared/src/a.ts': "import '@holdfast/shared'" }
  expect(faultsOf(through)).toHaveLength(1)
})

test.each([
  'Date.now()',
  'new Date()',
  'Math.random()',
  'setTimeout(f, 1)',
  'setInterval(f, 1)',
  'fetch(url)',
  'crypto.randomUUID()',
  'indexedDB.open(name)',
  'console.log(1)',
  'async () => 1',
  'await x',
  `\`\${Date.now()}\``,
])('a pure file must not mention: %s', (code) => {
  const folders = ['packages/shared/src', 'packages/client/src/core', 'packages/client/src/query', 'packages/server/src/engine']
  for (const folder of folders) expect(faultsOf({ [`${folder}/a.ts`]: `\nconst x = ${code}` })).toHaveLength(1)
  for (const folder of folders) expect(faultsOf({ [`${folder}/a.test.ts`]: `const x = ${code}` })).toEqual([])
  expect(faultsOf({ 'packages/shared/src/platform.ts': code, 'packages/client/src/sync/a.ts': code })).toEqual([])
})

test('comments, strings and methods of a platform are not impure', () => {
  const text = "// await Date.now()\n/* console.log(1)\n fetch(x) */\nconst a = 'do not await'\nplatform.setTimeout(platform.fetch(url))"
  expect(faultsOf({ 'packages/shared/src/a.ts': text })).toEqual([])
})

test.each([
  ['idb', 'packages/client/src/open.ts', 'packages/client/src/store/connection.ts'],
  ['better-sqlite3', 'packages/server/src/sync-server.ts', 'packages/server/src/storage/sqlite/sqlite-storage.ts'],
  ['hono', 'packages/server/src/dev.ts', 'packages/server/src/routes/app.ts'],
  ['hono/streaming', 'packages/testing/src/a.ts', 'packages/server/src/sync-server.ts'],
  ['hono', 'packages/client/src/a.ts', 'examples/todo/server.ts'],
])('%s is not named in %s, but may be in %s', (library, wrong, right) => {
  expect(faultsOf({ [wrong]: `import { x } from '${library}'` })).toHaveLength(1)
  expect(faultsOf({ [right]: `import { x } from '${library}'` })).toEqual([])
})

test('files over 300 lines fail, tests may be longer', () => {
  expect(faultsOf({ 'packages/client/src/a.ts': `${'\n'.repeat(299)}x\n` })).toEqual([])
  expect(faultsOf({ 'packages/client/src/a.ts': `${'\n'.repeat(300)}x\n` })).toHaveLength(1)
  expect(faultsOf({ 'packages/client/src/a.test.ts': `${'\n'.repeat(300)}x\n` })).toEqual([])
})
