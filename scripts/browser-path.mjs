// Finds a Chromium for the browser and e2e tests: CHROMIUM_PATH, then one installed on this machine, then the one that npm brought
// (@sparticuz/chromium, linux-x64). Plain JavaScript, so that it also runs on a Node without type stripping.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'

/** @typedef {{ path: string, args: string[], env: Record<string, string>, from: 'CHROMIUM_PATH' | 'system' | 'npm' }} Chromium */

// Not the args of @sparticuz/chromium: those switch web security off, and a test of CORS or auth would prove nothing.
const args = [
  '--no-sandbox',
  '--headless=shell',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** @type {Chromium | null | undefined} */
let found

/** @returns {Chromium | null} null when there is none */
export function findChromium() {
  if (found === undefined) found = search()
  return found
}

/** @returns {Chromium} */
export function requireChromium() {
  const chromium = findChromium()
  if (chromium === null) throw new Error(noChromium)
  return chromium
}

export const noChromium =
  'No Chromium found: set CHROMIUM_PATH, install chromium or chrome, or install the optional dependency @sparticuz/chromium (linux-x64).'

/** @returns {Chromium | null} */
function search() {
  const env = /** @type {Record<string, string>} */ ({ ...process.env })
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names a file that does not exist: ${named}`)
    return { path: named, args, env, from: 'CHROMIUM_PATH' }
  }
  const installed = systemPaths().find((path) => existsSync(path))
  if (installed) return { path: installed, args, env, from: 'system' }
  const home = unpackFromNpm()
  if (home === null) return null
  if (!systemHasNss()) env.LD_LIBRARY_PATH = [join(home, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
  return { path: join(home, 'chromium'), args, env, from: 'npm' }
}

function systemPaths() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    return roots.flatMap((root) => (root ? [join(root, 'Google', 'Chrome', 'Application', 'chrome.exe')] : []))
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin', '/usr/local/bin')
  return folders.flatMap((folder) => (folder ? names.map((name) => join(folder, name)) : []))
}

function systemHasNss() {
  return ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/lib64', '/usr/lib'].some((folder) =>
    existsSync(join(folder, 'libnss3.so')),
  )
}

/** Unpacks once into node_modules/.cache and renames at the end, so that parallel runs never see half a browser. */
function unpackFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  let root
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  } catch {
    return null
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const home = join(cache, `chromium-${version}`)
  if (existsSync(home)) return home
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'unpacking-'))
  try {
    const binary = join(draft, 'chromium')
    writeFileSync(binary, brotliDecompressSync(readFileSync(join(root, 'bin', 'chromium.br'))))
    chmodSync(binary, 0o755)
    chmodSync(draft, 0o755)
    const libraries = brotliDecompressSync(readFileSync(join(root, 'bin', 'al2023.tar.br')))
    const tar = spawnSync('tar', ['-x', '-C', draft], { input: libraries })
    if (tar.status !== 0) throw new Error(`tar could not unpack the libraries of Chromium: ${tar.error ?? tar.stderr}`)
    renameSync(draft, home)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}
