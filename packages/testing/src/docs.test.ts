import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import { CODES } from '@holdfast/shared/internal/errors'
import { firstHash, nextHash, shortHash } from '@holdfast/shared/internal/history/history-hash'
import { canonical } from '@holdfast/shared/internal/json'
import { crc32 } from '@holdfast/shared/internal/protocol/crc32'
import { decodeFrame, encodeFrame, numbersOf } from '@holdfast/shared/internal/protocol/frame'
import { decodeRequest, encodeRequest, type Outgoing } from '@holdfast/shared/internal/protocol/request'
import { decodeResponse, encodeResponse } from '@holdfast/shared/internal/protocol/response'
import { onCondition, readReviewed } from '@holdfast/shared/internal/protocol/review'
import { describe, expect, test } from 'vitest'
import { documents, fencesOf, makeWorkshop, pathOf, readDocument } from '../../../scripts/fences.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const wire = (kind: string) => fencesOf('docs/protocol.md').filter(({ info }) => info.get('wire') === kind)

describe('docs/protocol.md is read by the code it describes', () => {
  test.each(wire('request').map(({ line, text }) => [line, text]))('the request at line %d', (_, text) => {
    const decoded = decodeRequest(JSON.parse(text))
    const sent = encodeRequest(decoded as unknown as Outgoing)
    const again = decodeRequest(JSON.parse(JSON.stringify(decoded.condition ? onCondition(sent, decoded.condition) : sent)))
    expect(again).toEqual(decoded)
  })

  test.each(wire('response').map(({ line, text }) => [line, text]))('the response at line %d', (_, text) => {
    const before = `${text}\n`
    const trailer = { end: 1, lines: text.split('\n').length + 1, crc: crc32(new TextEncoder().encode(before)), cut: [], hlc: 1 }
    const bytes = new TextEncoder().encode(`${before}${JSON.stringify(trailer)}\n`)
    const { drops, changed } = readReviewed(bytes)
    const decoded = decodeResponse(bytes)
    const verdicts = decoded.verdicts.map((one) => (one.is === 'applied' ? { ...one, drops: drops.get(dotName(one.dot)) } : one))
    const again = new TextEncoder().encode(encodeResponse({ ...decoded, changed, verdicts }))
    expect(decodeResponse(again)).toEqual(decoded)
    expect(readReviewed(again)).toEqual({ drops, changed })
  })

  test.each(wire('frame').flatMap(({ text }) => text.split('\n').map((line) => [line])))('the frame %s', (line) => {
    const spaces = ['home:ann']
    const { frame, i } = decodeFrame(line, spaces)
    expect(JSON.parse(encodeFrame(frame, i ?? 0, numbersOf(spaces)))).toEqual(JSON.parse(line))
  })

  test('the golden vector of the history', () => {
    const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
    const entry = fencesOf('docs/protocol.md').find(({ info }) => info.has('history'))?.text ?? ''
    expect(canonical(JSON.parse(entry))).toBe(entry)
    const hash = shortHash(nextHash(sha256, firstHash(sha256, 'e1', 'L'), entry))
    expect(readDocument('docs/protocol.md')).toContain(`gives \`${hash}\``)
  })
})

test('docs/errors.md lists exactly the codes that there are', () => {
  const listed = [...readDocument('docs/errors.md').matchAll(/^\| `(\w+)` *\|/gm)].map((match) => match[1])
  expect(listed.sort()).toEqual([...CODES].sort())
})

test('links between documents lead somewhere', () => {
  const dead = documents().flatMap((file) =>
    [...readDocument(file).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)]
      .map((match) => normalize(join(dirname(file), match[1] ?? '')))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${file}: ${target}`),
  )
  expect(dead).toEqual([])
})

test('files that documents name exist', () => {
  const named = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((file) =>
    [...readDocument(file).matchAll(/`(packages\/[\w./-]+\.ts)`/g)].map((match) => match[1] ?? ''),
  )
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test.each([
  ['docs/permissions.md', 4],
  ['docs/sharing.md', 4],
  ['docs/review.md', 3],
  ['docs/drafts.md', 2],
])('the TypeScript of %s is the code that tests run', (file, least) => {
  const fences = fencesOf(file).filter(({ language }) => language === 'ts')
  expect(fences.length).toBeGreaterThanOrEqual(least)
  for (const fence of fences) expect(readDocument(`packages/testing/src/${pathOf(fence)}`), `${file}:${fence.line}`).toBe(`${fence.text}\n`)
})

test('the examples of docs/testing.md run', () => {
  const workshop = makeWorkshop()
  const fences = fencesOf('docs/testing.md').filter(({ language }) => language === 'ts')
  expect(fences.length).toBeGreaterThan(3)
  try {
    for (const fence of fences)
      execFileSync(process.execPath, [workshop.put(pathOf(fence), fence.text)], { stdio: 'pipe', encoding: 'utf8', timeout: 50_000 })
  } finally {
    workshop.remove()
  }
})

test('the TypeScript of the documents compiles as an app of its reader would', { timeout: 60_000 }, () => {
  const workshop = makeWorkshop()
  try {
    const fences = documents().flatMap((file) => fencesOf(file).filter(({ language }) => language === 'ts'))
    expect(fences.length).toBeGreaterThan(4)
    const files = fences.map((fence) => workshop.put(pathOf(fence), fence.text))
    workshop.put(
      'tsconfig.json',
      JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: { noEmit: true, lib: ['ES2024', 'DOM', 'DOM.Iterable'], types: ['node'], allowImportingTsExtensions: true },
        files,
      }),
    )
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', workshop.folder], {
      stdio: 'pipe',
      encoding: 'utf8',
    })
  } catch (error) {
    throw new Error(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error))
  } finally {
    workshop.remove()
  }
})
