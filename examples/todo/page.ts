import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { build, type Rolldown } from 'vite'

/** The page needs nothing from elsewhere, nothing inline, and no frame around it. */
const POLICY = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'connect-src', 'manifest-src'].map((kind) => `${kind} 'self'`),
  ...['base-uri', 'form-action', 'frame-ancestors'].map((kind) => `${kind} 'none'`),
]
const HEADERS = { 'cache-control': 'no-cache', 'content-security-policy': POLICY.join('; '), 'x-content-type-options': 'nosniff' }
const TYPES: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
  map: 'application/json',
}

/** Bundles the page into memory, which takes well under a second, and serves it: no build step, no files to go stale. */
export async function buildPage(): Promise<Hono> {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const built = (await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      write: false,
      sourcemap: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { page: `${root}index.html`, 'service-worker': `${root}web/service-worker.js` },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  })) as Rolldown.RolldownOutput

  const app = new Hono()
  // Only the manifest names these.
  for (const name of ['icon-512.png', 'icon-maskable.png']) {
    const bytes = new Uint8Array(await readFile(`${root}web/${name}`))
    app.get(`/${name}`, (c) => c.body(bytes, 200, { ...HEADERS, 'content-type': 'image/png' }))
  }
  for (const file of built.output) {
    const type = TYPES[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    const path = file.fileName === 'index.html' ? '/' : `/${file.fileName}`
    const body = (file.type === 'chunk' ? file.code : file.source) as string | Uint8Array<ArrayBuffer>
    const charset = typeof body === 'string' ? '; charset=utf-8' : ''
    app.get(path, (c) => c.body(body, 200, { ...HEADERS, 'content-type': `${type}${charset}` }))
  }
  return app
}
