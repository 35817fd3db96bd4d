import { DatabaseSync } from 'node:sqlite'
import { tableOf } from '@holdfast/server/internal/engine/engine'
import { decodeRecord } from '@holdfast/server/internal/engine/stored-record'
import { nodePlatform } from '@holdfast/server/internal/platform'
import { CODES } from '@holdfast/shared/internal/errors'
import { firstHash, nextHash } from '@holdfast/shared/internal/history/history-hash'
import { homeSpace, isCreatable } from '@holdfast/shared/internal/ids'
import { equalJson, type JsonValue } from '@holdfast/shared/internal/json'
import { isAlive, toRow } from '@holdfast/shared/internal/merge/record'
import { decodeResponse, type SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { checkId, checkValue } from '@holdfast/shared/internal/schema/value'
import { type Scene, schema } from './scene.ts'

type Row = Readonly<Record<string, string | number | null | Uint8Array>>
/** Every row of every table, by its key. */
type Dump = Readonly<Record<string, ReadonlyMap<string, Row>>>

/** The keys of the rows: `space` comes as the name of the space. */
const TABLES = {
  meta: ['key'],
  epochs: ['n'],
  spaces: ['name'],
  records: ['space', 'tbl', 'id'],
  log: ['space', 'seq'],
  chain: ['space', 'seq'],
  sessions: ['id'],
  answers: ['session', 'n'],
  grants: ['user', 'space'],
} as const
const HISTORY = ['spaces', 'records', 'log', 'chain', 'grants'] as const

/** The codes that the rules of the scene have besides ours. */
const known = new Set<string>([...CODES, 'too_big'])
const isReason = (code: string) => /^[a-z][a-z_]*$/.test(code)
const engine = { schema, rules: {}, sha256: nodePlatform.sha256 }

/** What a body was answered. */
export interface Answer extends SyncResponse {
  readonly status: number
}

/** Reads an answer, and throws where it is none: another status, no code of ours, not whole. */
export async function readAnswer(response: Response): Promise<Answer> {
  const answer = { ...decodeResponse(new Uint8Array(await response.arrayBuffer())), status: response.status }
  const { status, problem, verdicts } = answer
  if (status >= 500) throw new RangeError(`status ${status}: ${problem?.message}`)
  if (status === 200 ? problem : !problem || !known.has(problem.code)) throw new RangeError(`${status} with the code ${problem?.code}`)
  for (const verdict of verdicts)
    if (verdict.is === 'refused' && !known.has(verdict.code) && !isReason(verdict.code)) throw new RangeError(`the verdict ${verdict.code}`)
  return answer
}

/** Looks into the file of a scene from outside, after each body, and throws where something is not as it has to be. */
export class Judge {
  readonly #db: DatabaseSync
  readonly #scene: Scene
  #version: unknown
  #dump: Dump

  constructor(scene: Scene) {
    this.#scene = scene
    this.#db = new DatabaseSync(scene.file, { readOnly: true })
    this.#version = this.#dataVersion()
    this.#dump = this.#read()
  }

  /** Judges what one body of `user` did. Gives whether anything changed. */
  judge(user: string, answer: Answer): boolean {
    const { faults } = this.#scene
    if (faults.length > 0) throw new RangeError(`the server logged ${JSON.stringify(faults)}`)
    const version = this.#dataVersion()
    if (version === this.#version) return false
    const before = this.#dump
    this.#version = version
    this.#dump = this.#read()
    const changed = changesOf(before, this.#dump)
    if (changed.length === 0) return false
    if (answer.status !== 200) throw new RangeError(`refused with ${answer.problem?.code}, but ${changed[0]?.table} changed`)
    const wrote = changed.some(({ table }) => HISTORY.includes(table as 'log'))
    if (wrote && !answer.verdicts.some(({ is }) => is === 'applied')) throw new RangeError('nothing was applied, but the history changed')
    for (const change of changed) checkAuthority(before, change, user)
    for (const space of new Set(changed.filter(({ table }) => table === 'log').map(({ row }) => String(row.space))))
      checkHistory(before, this.#dump, space)
    for (const { table, row } of changed) if (table === 'records') checkRecord(this.#dump, row)
    return true
  }

  close(): void {
    this.#db.close()
  }

  #dataVersion = () => Object.values(this.#db.prepare('PRAGMA data_version').get() ?? {})[0]

  #read(): Dump {
    const names = new Map(
      this.#db
        .prepare('SELECT id, name FROM spaces')
        .all()
        .map(({ id, name }) => [id, name as string]),
    )
    const tables = Object.entries(TABLES).map(([table, key]) => {
      const rows = (this.#db.prepare(`SELECT * FROM ${table}`).all() as Row[]).map((row): Row => {
        return typeof row.space === 'number' ? { ...row, space: names.get(row.space) ?? null } : row
      })
      return [table, new Map(rows.map((row) => [JSON.stringify(key.map((column) => row[column])), row]))]
    })
    return Object.fromEntries(tables)
  }
}

interface Change {
  readonly table: string
  readonly row: Row
  readonly before: Row | undefined
}

const text = (row: Row | undefined) => row && JSON.stringify(row)

function changesOf(before: Dump, after: Dump): Change[] {
  return Object.keys(TABLES).flatMap((table) => {
    const [was, is] = [before[table] as Dump[string], after[table] as Dump[string]]
    const gone = [...was].filter(([key]) => !is.has(key)).map(([, row]) => row)
    const allowed = table === 'answers' && gone.every((row) => row.code === null)
    if (gone.length > 0 && !allowed) throw new RangeError(`rows of ${table} are gone`)
    return [...is].filter(([key, row]) => text(row) !== text(was.get(key))).map(([key, row]) => ({ table, row, before: was.get(key) }))
  })
}

/** Whatever changed is the user's, or he may write there, or he has just begun it. */
function checkAuthority(dump: Dump, { table, row, before }: Change, user: string): void {
  const wrong = (what: string) => new RangeError(`${user} changed ${what}: ${text(row)}`)
  const held = (space: unknown) => dump.grants?.get(JSON.stringify([user, space]))?.access
  const isNew = (space: unknown) => isCreatable(String(space)) && ![...(dump.grants?.values() ?? [])].some((one) => one.space === space)
  const space = table === 'spaces' ? row.name : row.space
  if (table === 'meta') return
  if (table === 'epochs') throw wrong('the epochs')
  if (table === 'sessions') {
    if (row.user !== user || (before && (before.user !== user || Number(before.last) >= Number(row.last)))) throw wrong('a session')
  } else if (table === 'answers') {
    if (before) throw wrong('an answer that was given')
  } else if (table === 'grants') {
    if (before || row.user !== user || !isNew(space)) throw wrong('a grant')
  } else if (space !== homeSpace(user) && !isNew(space) && held(space) !== 'write') {
    const dismissed = held(space) === 'read' && (table !== 'records' || row.tbl === '$conflicts')
    if (!dismissed) throw wrong('what is not his')
  }
  if ((table === 'log' || table === 'chain') && before) throw wrong('what has happened')
}

/** The seqs have no gap, and the hash covers what was added to what was there. */
function checkHistory(before: Dump, after: Dump, space: string): void {
  const head = (dump: Dump) => dump.spaces?.get(JSON.stringify([space]))
  const epoch = String([...(after.epochs?.values() ?? [])].at(-1)?.id)
  let hash = (head(before)?.hash as Uint8Array | undefined) ?? firstHash(engine.sha256, epoch, space)
  const to = Number(head(after)?.seq)
  for (let seq = 1 + Number(head(before)?.seq ?? 0); seq <= to; seq++) {
    const key = JSON.stringify([space, seq])
    const entry = after.log?.get(key)?.entry
    if (typeof entry !== 'string') throw new RangeError(`${space} has no entry ${seq}`)
    if ((JSON.parse(entry) as number[])[0] !== seq) throw new RangeError(`${space} ${seq} has the entry of another`)
    hash = nextHash(engine.sha256, hash, entry)
    const short = Buffer.from(hash.subarray(0, 16))
    if (!short.equals((after.chain?.get(key)?.hash as Uint8Array | undefined) ?? new Uint8Array()))
      throw new RangeError(`${space} ${seq} breaks the chain`)
  }
  if (!Buffer.from(hash).equals((head(after)?.hash as Uint8Array | undefined) ?? new Uint8Array()))
    throw new RangeError(`the head of ${space} is not its last`)
  const beyond = [...(after.log?.values() ?? [])].some((row) => row.space === space && Number(row.seq) > to)
  if (beyond) throw new RangeError(`${space} has entries beyond its head`)
}

/** What is stored is inside the value domain, field by field. */
function checkRecord(dump: Dump, row: Row): void {
  const { space, tbl, id } = row
  checkId(id, 'id')
  const head = Number(dump.spaces?.get(JSON.stringify([space ?? null]))?.seq)
  if (Number(row.seq) > head || Number(row.alive) > Number(row.seq)) throw new RangeError(`a record is ahead of its space: ${text(row)}`)
  const table = tableOf(engine, String(tbl))
  const record = decodeRecord(table, String(row.body))
  if (isAlive(record) === (row.dead === 1)) throw new RangeError(`alive or dead? ${text(row)}`)
  const values = toRow(table, String(space), String(id), record)
  for (const [field, { check, kind, policy }] of Object.entries(table.fields)) {
    const [value, at] = [values[field] as JsonValue, { table: String(tbl), field }]
    // What such a field takes is not what it gives.
    const isOther = kind === 'rank' || policy.name === 'siblings' || tbl === '$conflicts'
    const checked = isOther ? checkValue(value, at) : check(value, at)
    if (!equalJson(checked, value)) throw new RangeError(`${field} is ${JSON.stringify(value)}`)
  }
}
