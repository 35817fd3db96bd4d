/** What is sent to a server without a browser: it stands for many clients, whose own work would drown the server's. */
export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a server is spoken to on its own. */
export interface Load {
  /** The i-th write, from 1, of a client: one record. */
  readonly write?: (client: number, i: number) => Sent
  /** Whether the server says that it has accepted it. */
  readonly accepted?: (body: string) => boolean
  /** What opens a live stream for the n-th reader; a WebSocket if it says so. */
  readonly stream?: (n: number) => { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly webSocket?: true }
  /** A change that all readers hear of, with this text in it. */
  readonly change?: (marker: string) => Sent
}

/** How a contender's server is spoken to, as far as the rows ask that it takes part in. */
export const loadOf = async (module: string): Promise<Required<Load>> => ((await import(module)) as { load: Required<Load> }).load
