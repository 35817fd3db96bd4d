import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const bundles = new Map<string, Promise<string>>()

/** The page of a contender as one script; gives its path. */
export function bundlePage(contender: string, how: { readonly folder: string; readonly minify: boolean }): Promise<string> {
  const made = bundles.get(contender) ?? make(contender, how)
  bundles.set(contender, made)
  return made
}

async function make(contender: string, { folder, minify }: { readonly folder: string; readonly minify: boolean }): Promise<string> {
  const file = join(folder, `${contender.replace(/.*\//, '').replace(/\.ts$/, '')}.js`)
  const bundle = await bundleOf('./page.ts', { '#contender': here(contender) })
  await bundle.write({ file, format: 'esm', minify, codeSplitting: false, banner: 'globalThis.benchBegan = performance.now();' })
  await bundle.close()
  return file
}

/** Bytes of what an app ships for this contender: the contender's file and all that it imports, minified, gzip level 9. */
export async function bundleSize(contender: string): Promise<number> {
  const bundle = await bundleOf(contender)
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return output.reduce((sum, file) => sum + (file.type === 'chunk' ? gzipSync(file.code, { level: 9 }).length : 0), 0)
}

const bundleOf = (input: string, alias: Record<string, string> = {}) =>
  rolldown({
    input: here(input),
    platform: 'browser',
    resolve: { alias },
    transform: { target: 'es2022', define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' } },
    logLevel: 'silent',
  })
