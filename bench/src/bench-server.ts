import type { Server } from 'node:http'

export interface ServeOptions {
  /** A folder of its own, which may hold what an earlier run has left there. */
  readonly folder: string
  /** How many records it holds from the start; it fills itself if the folder is empty. */
  readonly records: number
  /** How many spaces of other people it holds besides, where there is such a thing. */
  readonly spaces: number
  readonly port: number
}

/** What a contender has on the server, in a process of its own. */
export interface BenchServer {
  /** Answers what is not a file of the page. */
  readonly fetch?: (request: Request) => Response | Promise<Response>
  /** For what takes connections itself: WebSockets, express. True if it has taken the request. */
  readonly attach?: (server: Server) => void
  close?(): void | Promise<void>
}

export type Serve = (options: ServeOptions) => Promise<BenchServer>
