import { gunzipSync } from 'node:zlib'
import type { HeldSegment } from '@holdfast/client/internal/core/held-segment'
import { Replica } from '@holdfast/client/internal/core/replica'
import { TableRecords } from '@holdfast/client/internal/core/table-records'
import { View } from '@holdfast/client/internal/core/view'
import type { Changes } from '@holdfast/server/internal/engine/changes'
import type { Asking } from '@holdfast/server/internal/engine/reads'
import type { Storage } from '@holdfast/server/internal/storage/storage'
import type { Column } from '@holdfast/shared/internal/segment/column'
import type { Segment } from '@holdfast/shared/internal/segment/segment'
import type { Fault } from '../device.ts'

/** What was done, by the name of the work: `HTTP requests: sync`, `rows decoded`. */
export type Counts = Readonly<Record<string, number>>

let counts = new Map<string, number>()

function count(what: string, times = 1): void {
  if (times > 0) counts.set(what, (counts.get(what) ?? 0) + times)
}

/** What was counted since the last call, by name. */
export function takeCounts(): Counts {
  const taken = Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  counts = new Map()
  return taken
}

const { stringify } = JSON
const utf8 = new TextEncoder()

/** The door of a world: counts requests, and bytes of body both ways. Browsers ask for gzip and see what it held; so does the device here. */
export const countedDoor: Fault = async (request, pass) => {
  const [, path = ''] = /\/holdfast\/(\w+)/.exec(request.url) ?? []
  count(`HTTP requests: ${path}`)
  count('HTTP bytes up', (await request.clone().arrayBuffer()).byteLength)
  request.headers.set('accept-encoding', 'gzip')
  const response = await pass(request)
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) return countedStream(response)
  const sent = new Uint8Array(await response.arrayBuffer())
  const body = response.headers.get('content-encoding') === 'gzip' ? gunzipSync(sent) : sent
  count('HTTP bytes down, as sent', sent.length)
  count('HTTP bytes down', body.length)
  return new Response(body.length > 0 ? body : null, { status: response.status, headers: response.headers })
}

function countedStream(response: Response): Response {
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      count('stream frames')
      count('stream bytes', chunk.length)
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body?.pipeThrough(counted), { status: response.status, headers: response.headers })
}

/** Stands before a server's storage: counts transactions, what they ask and get, and what they store. */
export function countedStorage(storage: Storage): Storage {
  return {
    ...storage,
    read(job) {
      count('server transactions: read')
      return storage.read(() => countedAsking(job()))
    },
    write(job) {
      count('server transactions: write')
      return storage.write(function* () {
        const done = yield* countedAsking(job())
        countChanges(done.changes)
        return done
      })
    },
  }
}

function* countedAsking<T>(asking: Asking<T>): Asking<T> {
  let step = asking.next()
  while (!step.done) {
    count(`server asks: ${step.value[0]}`)
    const answer = yield step.value
    count('server rows read', Array.isArray(answer) ? answer.length : answer === undefined ? 0 : 1)
    step = asking.next(answer)
  }
  return step.value
}

function countChanges({ segments, ...changes }: Changes): void {
  for (const [kind, rows] of Object.entries(changes)) count(`server rows stored: ${kind}`, Array.isArray(rows) ? rows.length : 1)
  for (const { body } of segments?.bodies ?? []) count('server bytes of segments stored', body.length)
}

/** Counts, from now on and in this process, what is reached through prototypes: IndexedDB, JSON, sorting, and what the client does in memory. */
export function countEverything(): void {
  countIndexedDb()
  countLanguage()
  countMemory()
}

/** Calls before the original, each time it is called. */
function before(target: object, name: string, call: (...args: never[]) => void): void {
  const original = (target as Record<string, (...args: unknown[]) => unknown>)[name]
  Object.assign(target, {
    [name](...args: never[]) {
      call(...args)
      return original?.apply(this, args)
    },
  })
}

/** Calls after the original, with what it gave. */
function after<This>(target: This & object, name: string, call: (self: This, result: never) => void): void {
  const original = (target as Record<string, (...args: unknown[]) => unknown>)[name]
  Object.assign(target, {
    [name](this: This, ...args: unknown[]) {
      const result = original?.apply(this, args)
      call(this, result as never)
      return result
    },
  })
}

function countIndexedDb(): void {
  after(IDBDatabase.prototype, 'transaction', (_, { mode }: IDBTransaction) => count(`IndexedDB transactions: ${mode}`))
  const store = IDBObjectStore.prototype
  for (const verb of ['get', 'getAll', 'getAllKeys', 'delete', 'add', 'put']) before(store, verb, () => count('IndexedDB requests'))
  for (const verb of ['add', 'put']) before(store, verb, (value: never) => count('IndexedDB bytes written', sizeOf(value)))
  for (const verb of ['get', 'getAll'])
    after(store, verb, (_, request: IDBRequest) =>
      request.addEventListener('success', () => count('IndexedDB bytes read', sizeOf(request.result))),
    )
}

/** About as many bytes as a structured clone has: buffers as they are, all else as JSON. */
function sizeOf(value: unknown): number {
  let buffers = 0
  const text = stringify(value, (_, part) => {
    if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) {
      buffers += part.byteLength
      return 0
    }
    return part instanceof Map || part instanceof Set ? [...part] : part
  })
  return buffers + utf8.encode(text ?? '').length
}

type Sorter = (compare?: (a: never, b: never) => number) => unknown

function countLanguage(): void {
  after(JSON, 'stringify', (_, text: string | undefined) => {
    count('JSON texts written')
    count('JSON characters written', text?.length)
  })
  before(JSON, 'parse', (text: string) => {
    count('JSON texts read')
    count('JSON characters read', text.length)
  })
  // What is handed out is frozen: rows, their lists, and answers.
  before(Object, 'freeze', () => count('objects frozen'))
  for (const [target, name] of [
    [Array.prototype, 'sort'],
    [Array.prototype, 'toSorted'],
    [Object.getPrototypeOf(Uint32Array.prototype), 'sort'],
  ] as const) {
    const original = (target as Record<string, Sorter>)[name] as Sorter
    const sort: Sorter = function (this: unknown, compare) {
      if (!compare) return original.call(this)
      return original.call(this, (a, b) => {
        count('comparisons in sorts')
        return compare(a, b)
      })
    }
    Object.defineProperty(target, name, { value: sort, writable: true, configurable: true })
  }
}

function countMemory(): void {
  before(View.prototype, 'mergeOne', () => count('operations merged by the client'))
  after(Replica.prototype, 'hold', (_, { segment }: HeldSegment) => countSegment(segment))
  after(TableRecords.prototype, 'pack', ({ segments }) => {
    for (const { segment } of segments) if (countSegment(segment)) count('records packed', segment.size)
  })
  const { touch, loose } = TableRecords.prototype
  Object.assign(TableRecords.prototype, {
    touch(this: TableRecords, id: string) {
      const { size } = this.entries
      const entry = touch.call(this, id)
      count('records touched', this.entries.size - size)
      return entry
    },
    *loose(this: TableRecords) {
      for (const row of loose.call(this)) {
        count('touched rows looked at')
        yield row
      }
    },
  })
}

const counted = new WeakSet<Segment>()

/** Whether this segment was not counted before. */
function countSegment(segment: Segment): boolean {
  if (counted.has(segment)) return false
  counted.add(segment)
  before(segment, 'row', () => count('rows decoded'))
  before(segment, 'record', () => count('records decoded'))
  before(segment, 'find', () => count('searches by id'))
  const { column } = segment
  const columns = new Map<string, Column | undefined>()
  Object.assign(segment, {
    column(field: string) {
      if (!columns.has(field)) columns.set(field, countedColumn(column(field)))
      return columns.get(field)
    },
  })
  return true
}

function countedColumn(column: Column | undefined): Column | undefined {
  if (!column) return undefined
  const { at, codes, numbers, values } = column
  return {
    at(i) {
      count('values looked at')
      return at(i)
    },
    ...(values ? { values } : {}),
    ...(codes ? { codes: countedNumbers(codes) } : {}),
    ...(numbers ? { numbers: countedNumbers(numbers) } : {}),
  }
}

const countedNumbers = <T extends object>(numbers: T): T =>
  new Proxy(numbers, {
    get(target, key) {
      count('values looked at')
      return target[key as keyof T]
    },
  })
