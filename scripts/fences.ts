// The fenced blocks of the documents, for the tests that check and run them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

export interface Fence {
  /** The document, from the root, and the line of the opening fence. */
  readonly file: string
  readonly line: number
  readonly language: string
  /** What stands after the language: `run`, `wire=request`. */
  readonly info: ReadonlyMap<string, string>
  readonly text: string
}

/** Every document of the repository, from the root. */
export function documents(): string[] {
  const inside = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
  const all = [...readdirSync(root), ...['docs', 'packages', 'examples'].flatMap(inside)]
  return all.filter((path) => path.endsWith('.md') && !/(^|\/)(node_modules|dist|fixtures)\//.test(path)).sort()
}

export const readDocument = (file: string): string => readFileSync(join(root, file), 'utf8')

export function fencesOf(file: string): Fence[] {
  const fences: Fence[] = []
  const lines = readDocument(file).split('\n')
  for (let i = 0; i < lines.length; i++) {
    const opening = /^```(\w*)\s*(.*)$/.exec(lines[i] ?? '')
    if (!opening) continue
    const end = lines.indexOf('```', i + 1)
    if (end < 0) throw new Error(`${file}:${i + 1}: this fence is never closed.`)
    const info = (opening[2] ?? '').split(/\s+/).filter(Boolean)
    fences.push({
      file,
      line: i + 1,
      language: opening[1] ?? '',
      info: new Map(info.map((word) => [word.split('=')[0] ?? word, word.split('=')[1] ?? ''])),
      text: lines.slice(i + 1, end).join('\n'),
    })
    i = end
  }
  return fences
}

/** The path that the first line of a TypeScript block names: `// quickstart/main.ts`. */
export function pathOf({ file, line, text }: Fence): string {
  const path = /^\/\/ ([\w./-]+)$/m.exec(text.split('\n')[0] ?? '')?.[1]
  if (!path) throw new Error(`${file}:${line}: the first line of a TypeScript block is its path.`)
  return path
}

/**
 * A folder for blocks, in the example's, because what is imported is found there as a user's app finds it; git and the linter leave
 * `dist` alone.
 */
export function makeWorkshop(): { readonly folder: string; put(path: string, text: string): string; remove(): void } {
  const home = join(root, 'examples/todo/dist')
  mkdirSync(home, { recursive: true })
  const folder = mkdtempSync(join(home, 'docs-'))
  return {
    folder,
    put(path, text) {
      const full = join(folder, path)
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, text)
      return full
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
