import { HoldfastError } from '../errors.ts'
import type { TableDef } from '../schema/table.ts'
import type { At, Composition } from '../transaction/composition.ts'
import { TableQuery } from './query.ts'
import { type AnyRow, type Asker, everything } from './question.ts'
import type { Live, Reading } from './reading.ts'

/** How a verb is carried out: on `db` it is a transaction of its own and gives a `Write`, in a transaction it gives its value. */
export type Perform = (verb: (composition: Composition) => unknown) => unknown

export interface Scope {
  readonly asker: Asker
  readonly perform: Perform
  /** All spaces if undefined. */
  readonly space: string | undefined
  /** The database of which it is a part, for functions over tables. */
  readonly owner?: () => object
}

/** The verbs of a table; `table-view.ts` types them by schema. A handle costs nothing and never expires. */
export class TableHandle extends TableQuery {
  readonly #scope: Scope
  readonly #name: string

  constructor(scope: Scope, name: string, def: TableDef) {
    super(scope.asker, def, everything(name, scope.space ?? null))
    this.#scope = scope
    this.#name = name
    // The kinds of its fields decide what else can be done: increment, add, move…
    const verbs = new Set(Object.values(def.fields).flatMap((field) => Object.keys(field.verbs ?? {})))
    for (const verb of verbs) {
      const change = (id: string, field: string, ...given: readonly unknown[]) =>
        this.#do((composition, space) => composition.change(this.#at(space, id), field, verb, given))
      Object.defineProperty(this, verb, { value: change })
    }
  }

  /** What a handle is of. */
  static of(handle: TableHandle): { readonly scope: Scope; readonly table: string } {
    return { scope: handle.#scope, table: handle.#name }
  }

  get(id: string): AnyRow | undefined {
    return this.record(id).read()
  }

  record(id: string): Reading<AnyRow | undefined> | Live<AnyRow | undefined> {
    return this.#scope.asker.record(this.#name, this.#scope.space, id)
  }

  insert(values: { readonly id?: unknown }): unknown {
    return this.#do((composition, space) => composition.insert(this.#one(space), this.#name, values))
  }

  upsert(id: string, values: unknown): unknown {
    return this.#do((composition, space) => composition.upsert(this.#one(space), this.#name, id, values))
  }

  update(id: string, patch: unknown): unknown {
    return this.#do((composition, space) => composition.update(this.#at(space, id), patch))
  }

  delete(id: string): unknown {
    return this.#do((composition, space) => composition.delete(this.#at(space, id)))
  }

  restore(id: string): unknown {
    return this.#do((composition, space) => composition.restore(this.#at(space, id)))
  }

  #at(space: string | undefined, id: string): At {
    return { space, table: this.#name, id }
  }

  #do(verb: (composition: Composition, space: string | undefined) => unknown): unknown {
    const { perform, space } = this.#scope
    return perform((composition) => verb(composition, space))
  }

  #one(space: string | undefined): string {
    if (space === undefined) throw new HoldfastError('invalid_value', 'An insert needs a space: db.home, or db.space(…).')
    return space
  }
}

/** A handle for each table of the schema, made when first asked for: a schema may have many, an app uses few at once. */
export function tableHandles(tables: Readonly<Record<string, TableDef>>, scope: Scope): object {
  const handles = {}
  for (const [name, def] of Object.entries(tables)) {
    let handle: TableHandle | undefined
    Object.defineProperty(handles, name, { enumerable: true, get: () => (handle ??= new TableHandle(scope, name, def)) })
  }
  return handles
}

/** Adds the handles to an object, getters and all. */
export const withTables = <T extends object>(target: T, handles: object): T =>
  Object.defineProperties(target, Object.getOwnPropertyDescriptors(handles))
