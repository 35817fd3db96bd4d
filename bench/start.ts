// `pnpm bench`: brings what the bench needs at first use, and runs it. Needs nothing but Node itself until then.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('.', import.meta.url))
const lock = readFileSync(`${home}pnpm-lock.yaml`, 'utf8')
const installed = `${home}node_modules/.installed-lock.yaml`

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  process.stderr.write('Installing what is compared with, into bench/node_modules …\n')
  const { status } = spawnSync('npx', ['-y', 'pnpm@12.21.0', 'install', '--frozen-lockfile'], { cwd: home, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(installed, lock)
}
await import('./src/main.ts')
