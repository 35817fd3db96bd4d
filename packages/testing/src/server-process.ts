import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Health, Metrics, ServerLimits } from '@holdfast/server'
import type { Dump } from './dump-space.ts'

export interface ServerOptions {
  /** The SQLite file; made if it is missing. */
  readonly file: string
  /** 0, or none, is any free one. Given again after a restart, clients find it where it was. */
  readonly port?: number | undefined
  /** Which app it serves: the tests' own, the one of docs/sharing.md, or articles. */
  readonly app?: 'sharing' | 'article' | undefined
  /** A directory that is served at `/`. */
  readonly files?: string | undefined
  readonly heartbeat?: number | undefined
  readonly limits?: Partial<ServerLimits> | undefined
}

type Request =
  | { readonly do: 'grant'; readonly space: string; readonly user: string; readonly access: 'read' | 'write'; readonly role?: string }
  | { readonly do: 'revoke'; readonly space: string; readonly user: string }
  | { readonly do: 'dump'; readonly space: string }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'health' | 'metrics' | 'dropConnections' | 'stop' }

/** What the parent of a server tells it; `server-main.ts` obeys. */
export type Order = Request & { readonly id: number }

/** A running server. */
export interface ServerProcess {
  /** Without a slash at the end; the API lives under `/holdfast`, a user's token is his id. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** The power cut: SIGKILL, without any warning. */
  kill9(): Promise<void>
  /** The orderly end. */
  stop(): Promise<void>
  grant(space: string, user: string, access: 'read' | 'write', role?: string): Promise<void>
  revoke(space: string, user: string): Promise<void>
  /** What the server has in a space. */
  dump(space: string): Promise<Dump>
  /** Puts its clock forward. */
  advance(ms: number): Promise<void>
  /** How it is, and how many live streams it holds. */
  health(): Promise<Health>
  /** What it has counted since it was started. */
  metrics(): Promise<Metrics>
  /** Breaks every connection, as a network that goes away does. */
  dropConnections(): Promise<void>
}

/**
 * Starts a server of its own process over a SQLite file, with `testSchema`.
 *
 * @example
 * const server = await startServer({ file: join(folder, 'a.db') })
 * await server.kill9()
 * const again = await startServer({ file: join(folder, 'a.db'), port: server.port })
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const main = fileURLToPath(new URL('./server-main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await listening(child)
  let orders = 0

  const order = (request: Request): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++orders
      const hear = (message: { id?: number; result?: unknown; error?: string }) => {
        if (message.id !== id) return
        child.off('message', hear)
        child.off('exit', gone)
        if (message.error === undefined) resolve(message.result)
        else reject(new Error(message.error))
      }
      const gone = () => reject(new Error('The server has ended.'))
      child.on('message', hear)
      child.once('exit', gone)
      child.send({ ...request, id })
    })

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    async kill9() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await order({ do: 'stop' })
      await ended
    },
    grant: async (space, user, access, role) =>
      void (await order({ do: 'grant', space, user, access, ...(role === undefined ? {} : { role }) })),
    revoke: async (space, user) => void (await order({ do: 'revoke', space, user })),
    dump: async (space) => (await order({ do: 'dump', space })) as Dump,
    advance: async (ms) => void (await order({ do: 'advance', ms })),
    health: async () => (await order({ do: 'health' })) as Health,
    metrics: async () => (await order({ do: 'metrics' })) as Metrics,
    dropConnections: async () => void (await order({ do: 'dropConnections' })),
  }
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it listened.`)))
    child.once('error', reject)
  })
}
