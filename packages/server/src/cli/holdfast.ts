import { parseArgs } from 'node:util'
import { isHoldfastError } from '@holdfast/shared'
import { type BegunEpoch, beginEpoch, type EpochTrouble } from '../storage/sqlite/begin-epoch.ts'

/** Where the command line speaks: to who asked, and to who has to mend something. */
export interface Speech {
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
}

export const HELP = `Usage: holdfast restore [--no-heal] [--with-wal] <file>

Begins a new epoch on a SQLite file of a Holdfast server, after a backup was put in its place. Stop the server first, delete
<file>-wal and <file>-shm of the database that is replaced, copy the backup there, run this, start the server.

Devices notice by themselves that the server went back, with this command or without it. What this says is what they do then:
without --no-heal they send again what they had confirmed and the backup lacks, each as its author, as long as they have it
(healWindow, 14 days unless the app says otherwise). With it they send nothing of that again and list it as dead letters.

  --no-heal    what came after the backup is to stay away: it is what you wanted to undo
  --with-wal   <file>-wal came with the backup (a snapshot of the disk), and is part of it
  --help       this

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 no such file, or none of Holdfast's; 4 a process has it open; 5 it is damaged;
6 there is a -wal file beside it.`

const EXIT: Readonly<Record<EpochTrouble, number>> = { missing: 3, foreign: 3, in_use: 4, damaged: 5, leftover_wal: 6 }

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'no-heal': { type: 'boolean' },
  'with-wal': { type: 'boolean' },
} as const

/**
 * The command line: does what the arguments say, and gives the exit code that {@link HELP} lists.
 *
 * @example process.exitCode = holdfast(['restore', '--no-heal', 'todo.db'], { say: console.log, complain: console.error })
 */
export function holdfast(args: readonly string[], { say, complain }: Speech): number {
  const read = readArgs(args)
  if (typeof read === 'string') {
    complain(`${read}\n\n${HELP}`)
    return 2
  }
  if ('help' in read) {
    say(HELP)
    return 0
  }
  try {
    say(inWords(read.file, beginEpoch(read.file, read), read.heal))
    return 0
  } catch (error) {
    const reason = isHoldfastError(error, 'storage_failed') ? (error.details.reason as EpochTrouble | undefined) : undefined
    complain(`${error instanceof Error ? error.message : String(error)}${reason === 'leftover_wal' ? WAL : ''}`)
    return (reason && EXIT[reason]) ?? 1
  }
}

const WAL = '\nDelete it and its -shm, and put the backup there once more; or say --with-wal if it came with the backup.'

type Read = { readonly help: true } | { readonly file: string; readonly heal: boolean; readonly withWal: boolean }

/** What is asked for, or what is wrong with it. */
function readArgs(args: readonly string[]): Read | string {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    if (values.help) return { help: true }
    const [command, file, ...rest] = positionals
    if (command === undefined) return 'Say what to do.'
    if (command !== 'restore') return `There is no command ${command}.`
    if (file === undefined || rest.length > 0) return 'Name one file.'
    return { file, heal: !values['no-heal'], withWal: values['with-wal'] ?? false }
  } catch (error) {
    return (error as Error).message
  }
}

function inWords(file: string, { epoch, spaces, transactions, last }: BegunEpoch, heal: boolean): string {
  const upTo = last === null ? '' : `, the last of them of ${new Date(last).toISOString()}`
  const then = heal
    ? 'what they had confirmed since and still keep they send again, each as its author, under the rules of today.'
    : 'what they had confirmed since stays away, and is listed as dead letters on the device of its author.'
  return `${file} has spaces: ${spaces}, transactions: ${transactions}${upTo}.
Epoch ${epoch} begins. Start the server: devices notice at their next sync, and ${then}`
}
