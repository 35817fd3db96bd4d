import type { SpaceId } from '../ids.ts'
import type { TableDef } from '../schema/table.ts'
import { invalid } from '../schema/value.ts'
import { inOrder, isScalar, parseTest } from './predicate.ts'
import type { AnyRow, Asker, Order, Question, Test } from './question.ts'
import type { Live, Reading } from './reading.ts'

/**
 * A question, who answers it, and the ways to refine it; see `Query` in `surface.ts`, where it is typed by schema. Live only if its asker
 * is: otherwise `subscribe` throws.
 */
export class TableQuery implements Live<readonly AnyRow[]>, Iterable<AnyRow> {
  readonly question: Question
  readonly #asker: Asker
  readonly #def: TableDef

  constructor(asker: Asker, def: TableDef, question: Question) {
    this.#asker = asker
    this.#def = def
    this.question = question
  }

  get key(): string {
    return this.#asker.rows(this.question).key
  }

  read(): readonly AnyRow[] {
    return this.#asker.rows(this.question).read()
  }

  subscribe(listener: (rows: readonly AnyRow[]) => void): () => void {
    return (this.#asker.rows(this.question) as Live<readonly AnyRow[]>).subscribe(listener)
  }

  [Symbol.iterator](): Iterator<AnyRow> {
    return this.read()[Symbol.iterator]()
  }

  where(test: object): TableQuery {
    let { space } = this.question
    const groups: (readonly Test[])[] = []
    for (const part of this.#parse(test)) {
      // To ask for a space is to ask in that space, and to look at nothing else.
      if (part[0] === '$space' && part[1] === 'eq' && space === null) space = part[2] as SpaceId
      else groups.push([[part]])
    }
    return this.#with({ space, all: inOrder([...this.question.all, ...groups]) })
  }

  whereAny(...tests: readonly object[]): TableQuery {
    return this.#with({ all: inOrder([...this.question.all, inOrder(tests.map((test) => this.#parse(test)))]) })
  }

  orderBy(field: string, direction: Order[1] = 'asc'): TableQuery {
    if (!isScalar(this.#def, field)) throw invalid({ table: this.question.table, field }, 'no field to order by')
    return this.#with({ order: [...this.question.order, [field, direction]] })
  }

  limit(limit: number): TableQuery {
    if (!Number.isSafeInteger(limit) || limit < 0) throw invalid(this.question, 'a limit is 0, 1, 2…')
    return this.#with({ limit })
  }

  first(): Reading<AnyRow | undefined> {
    return this.#asker.first(this.question)
  }

  count(): Reading<number> {
    return this.#asker.count(this.question)
  }

  #parse(test: object): Test {
    return parseTest(this.#def, this.question.table, test)
  }

  #with(more: Partial<Question>): TableQuery {
    return new TableQuery(this.#asker, this.#def, { ...this.question, ...more })
  }
}
