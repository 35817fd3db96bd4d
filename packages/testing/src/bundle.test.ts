import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('./', import.meta.url))

/** The policies in the bundle of an app that imports these from `@holdfast/shared`, next to the client. */
async function policiesWith(...names: readonly string[]): Promise<string[]> {
  const entry = `${folder}bundle-entry.virtual.ts`
  const code = `import { openDatabase } from '@holdfast/client'
import { ${['defineSchema', 'table', 'string', ...names].join(', ')} } from '@holdfast/shared'
export { openDatabase, ${['defineSchema', 'table', 'string', ...names].join(', ')} }`
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? entry : null), load: (id) => (id === entry ? code : null) }],
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []))
  return modules
    .filter(([, { code: kept }]) => kept)
    .flatMap(([id]) => /policy\/(counter|set|map|rank|first|extreme|siblings|strict|three-way|latest)\.ts$/.exec(id)?.[1] ?? [])
    .sort()
}

test.each([
  [[], ['latest']],
  [['counter'], ['counter', 'latest']],
  [['set'], ['latest', 'set']],
  [['map'], ['latest', 'map']],
  [['rank'], ['latest', 'rank']],
  [['first'], ['first', 'latest']],
  [['max'], ['extreme', 'latest']],
  [['siblings'], ['latest', 'siblings']],
  [['strict'], ['latest', 'strict']],
  [['threeWay'], ['latest', 'three-way']],
])('a bundle with %j has the policies %j, and no other', async (names, policies) => {
  expect(await policiesWith(...names)).toEqual(policies)
})
