import { readFileSync } from 'node:fs'

/** What is known of a contender without running it. */
export interface Facts {
  readonly name: string
  readonly kind: 'holdfast' | 'limit' | 'peer'
  /** Its file for the page, and the one for the server, from here; null where it has none. */
  readonly page: string | null
  readonly server: string | null
  /** How its server is spoken to without a browser. */
  readonly load: string | null
  /** The packages of it that are measured. */
  readonly packages: readonly string[]
  /** The rows that it takes part in. */
  readonly rows: string
  /** Why not in the others; `*` is for all that are not named. */
  readonly cannot: Readonly<Record<string, string>>
  /** How a device comes to hold many records before a row begins. */
  readonly fillsBy: 'sync' | 'insert'
}

const limit = (name: string, rows: string, server: string | null, page: string | null = `./contenders/${name}.ts`): Facts => ({
  name,
  kind: 'limit',
  page,
  server: server && `./contenders/${server}.server.ts`,
  load: /[km]/.test(rows) ? `./contenders/${name}.load.ts` : null,
  packages: [],
  rows,
  cannot: { '*': 'a limit of other rows' },
  fillsBy: 'insert',
})

interface Peer extends Pick<Facts, 'name' | 'packages' | 'rows' | 'cannot'> {
  readonly fillsBy?: 'sync' | 'insert'
  /** Names of its files beside that of the page. */
  readonly server?: string
  readonly load?: string
}

const peer = ({ server, load, fillsBy = 'insert', ...facts }: Peer): Facts => ({
  ...facts,
  kind: 'peer',
  page: `./contenders/${facts.name}.ts`,
  server: server ? `./contenders/${server}.server.ts` : null,
  load: load ? `./contenders/${load}.load.ts` : null,
  fillsBy,
})

export const contenders: readonly Facts[] = [
  {
    name: 'holdfast',
    kind: 'holdfast',
    page: './contenders/holdfast.ts',
    server: './contenders/holdfast.server.ts',
    load: './contenders/holdfast.load.ts',
    packages: [],
    rows: 'abcdefghijklmn',
    cannot: {},
    fillsBy: 'sync',
  },
  limit('raw-rows', 'abcdh', 'raw'),
  limit('raw-packed', 'abcefh', 'raw'),
  limit('raw-log', 'd', null),
  limit('bare-sse', 'ilm', 'bare-sse'),
  limit('bare-websocket', 'ilm', 'bare-websocket'),
  limit('bare-handler', 'k', 'bare-handler', null),
  peer({
    name: 'dexie',
    packages: ['dexie'],
    rows: 'abcdefg',
    cannot: { '*': 'its sync is Dexie Cloud, a service whose server is closed' },
  }),
  peer({ name: 'rxdb', packages: ['rxdb', 'rxjs'], rows: 'abcdefghijklm', cannot: {}, fillsBy: 'sync', server: 'rxdb', load: 'rxdb' }),
  peer({
    name: 'tinybase',
    packages: ['tinybase'],
    rows: 'abcdefghijl',
    cannot: { 'd strict': 'its persister has no such choice', '*': 'only its client speaks its protocol' },
    fillsBy: 'sync',
    server: 'tinybase',
  }),
  peer({
    name: 'tanstack-db',
    packages: ['@tanstack/db', '@tanstack/offline-transactions'],
    rows: 'bcdefg',
    cannot: {
      'd strict': 'its outbox has no such choice',
      a: 'its outbox is for what people do, and records are in memory only',
      '*': 'the sync is yours to write',
    },
    fillsBy: 'sync',
    server: 'raw',
  }),
  peer({
    name: 'pouchdb',
    packages: ['pouchdb-browser', 'pouchdb-find', 'express-pouchdb'],
    rows: 'abcdefghijkl',
    cannot: { 'd strict': 'it has no such choice', m: 'its feed has to be asked again after each change' },
    fillsBy: 'sync',
    server: 'pouchdb',
    load: 'pouchdb',
  }),
  peer({
    name: 'yjs',
    packages: ['yjs', 'y-indexeddb', '@hocuspocus/provider', '@hocuspocus/server'],
    rows: 'bcefghijl',
    cannot: {
      a: 'y-indexeddb does not say when something is stored',
      d: 'y-indexeddb does not say when something is stored',
      '*': 'only its client speaks its protocol',
    },
    fillsBy: 'sync',
    server: 'yjs',
  }),
  peer({
    name: 'triplit',
    packages: ['@triplit/client', '@triplit/server'],
    rows: 'abcdefghijl',
    cannot: { 'd strict': 'it has no such choice', '*': 'only its client speaks its protocol' },
    fillsBy: 'sync',
    server: 'triplit',
  }),
]

/** The version of a package as it is pinned. */
export function versionOf(name: string): string {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return dependencies[name] ?? '?'
}

/** What one has to know to read "—". */
export const reason = ({ cannot }: Facts, row: string): string => cannot[row] ?? cannot['*'] ?? 'not written yet'
