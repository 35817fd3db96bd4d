/** One line of a server's log. Never has a record's values, nor a token. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** What happened, in snake_case: for programs. */
  readonly event: string
  readonly [detail: string]: unknown
}

export type Log = (entry: LogEntry) => void

/** The default: warnings and errors, as JSON lines on stderr. */
export const logToStderr: Log = (entry) => {
  if (entry.level === 'warn' || entry.level === 'error') process.stderr.write(`${JSON.stringify(entry)}\n`)
}

/** What a log may say of an error: of anything, since an app may throw anything. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'something that has no words'
  }
}

/** A log of the app's may fail; what it was told about goes on. */
export const guardLog =
  (log: Log): Log =>
  (entry) => {
    try {
      log(entry)
    } catch (error) {
      logToStderr({ level: 'error', event: 'log_failed', error: errorText(error) })
    }
  }
