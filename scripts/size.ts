import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** Bytes, minified and gzipped, that the quickstart may add to an app. Raise it only with a reason in the commit. */
const budget = 54_000

const size = await measure()
process.stdout.write(`client: ${size} bytes min+gzip (budget ${budget})\n`)
process.exitCode = size > budget ? 1 : 0

async function measure(): Promise<number> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./size-entry.ts', import.meta.url)),
    platform: 'browser',
    transform: { target: 'es2022' },
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const sizes = output.map((file) => (file.type === 'chunk' ? gzipSync(file.code, { level: 9 }).length : 0))
  return sizes.reduce((sum, size) => sum + size, 0)
}
