// The architecture as a test: which package may import which, no import cycles, pure cores, libraries named where they belong, short
// files. Reads text with regular expressions: quick, and wrong only for code nobody should write.
import { readdirSync, readFileSync } from 'node:fs'
import { posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const mayImport: Record<string, readonly string[]> = {
  shared: [],
  client: ['shared'],
  server: ['shared'],
  testing: ['shared', 'client', 'server'],
}

const pure = ['packages/shared/src/', 'packages/client/src/core/', 'packages/client/src/query/', 'packages/server/src/engine/']
const notPure = ['packages/shared/src/platform.ts']
const impure =
  /\bDate\.now\b|\bnew Date\b|\bMath\.random\b|\bperformance\.now\b|\bglobalThis\b|(?<![\w.$])(?:setTimeout|setInterval|indexedDB|async|await)\b|(?<![\w.$])fetch\(|(?<![\w.$])(?:crypto|console)\./

const libraries: Record<string, readonly string[]> = {
  idb: ['packages/client/src/store/connection.ts'],
  'better-sqlite3': ['packages/server/src/storage/sqlite/'],
  hono: ['packages/server/src/routes/', 'packages/server/src/sync-server.ts', 'examples/'],
}

const longest = 300
/** Files that may be longer, each with the reason. */
const longFiles: Record<string, string> = {}

/** The faults of a source tree, given as path (from the root, with `/`) -> text. */
export function findFaults(files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = []
  const graph = new Map<string, string[]>()
  for (const [path, text] of files) {
    const code = text.replace(token, (part) => (part.startsWith('/') ? ' ' : part))
    const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => resolve(path, match[1] ?? ''))
    graph.set(path, imports)
    faults.push(...arrowFaults(path, imports))
    if (!path.endsWith('.test.ts')) faults.push(...sourceFaults(path, text, imports))
  }
  return [...faults, ...cycles(graph)]
}

const token = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

function arrowFaults(path: string, imports: readonly string[]): string[] {
  const home = packageOf(path)
  if (home === undefined) return []
  const allowed = mayImport[home] ?? []
  return imports.flatMap((to) => {
    if (to.startsWith('examples/') || to.startsWith('@holdfast/example-')) return [`${path}: a package never imports an example (${to})`]
    const target = packageOf(to)
    return target === undefined || target === home || allowed.includes(target) ? [] : [`${path}: ${home} must not import ${target}`]
  })
}

function sourceFaults(path: string, text: string, imports: readonly string[]): string[] {
  const faults: string[] = []
  for (const [library, homes] of Object.entries(libraries)) {
    if (imports.some((to) => to === library || to.startsWith(`${library}/`)) && !homes.some((home) => path.startsWith(home)))
      faults.push(`${path}: ${library} is named only in ${homes.join(', ')}`)
  }
  if (pure.some((folder) => path.startsWith(folder)) && !notPure.includes(path)) {
    const blank = (part: string) => (part.startsWith('`') ? part : part.replace(/[^\n]/g, ' '))
    text
      .replace(token, blank)
      .split('\n')
      .forEach((line, index) => {
        const found = impure.exec(line)
        if (found) faults.push(`${path}:${index + 1}: a pure file must not mention ${found[0]}`)
      })
  }
  const length = text.trimEnd().split('\n').length
  if (length > longest && !(path in longFiles)) faults.push(`${path}: ${length} lines, more than ${longest}, and no reason listed`)
  return faults
}

/** A path inside the tree where the import is ours, else the specifier as written. */
function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const ours = /^@holdfast\/(shared|client|server|testing)(?:\/(?:internal\/)?(.+))?$/.exec(specifier)
  return ours ? `packages/${ours[1]}/src/${ours[2] ?? 'index'}.ts` : specifier
}

function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const faults: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) faults.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`)
    if (trail.includes(path) || done.has(path)) return
    for (const to of graph.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return faults
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../', import.meta.url))
  const listed = ['packages', 'examples', 'scripts'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, withFileTypes: true }),
  )
  const paths = listed
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`).replaceAll(sep, '/'))
  const sources = paths.filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist|fixtures)\//.test(path))
  const faults = findFaults(new Map(sources.map((path) => [path, readFileSync(root + path, 'utf8')])))
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.stdout.write(`layers: ${sources.length} files, ${faults.length} faults\n`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
