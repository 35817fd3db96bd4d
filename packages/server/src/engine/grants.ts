import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { Member, SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { GrantRow } from './changes.ts'
import { type Asking, need } from './reads.ts'

/** Who is granted what. */
export interface GrantSource {
  grant(user: string, space: SpaceId): Asking<SpaceAccess | undefined>
  grants(user: string): Asking<readonly SpaceAccess[]>
  members(space: SpaceId): Asking<readonly Member[]>
}

/** As it is stored. */
export const STORED: GrantSource = {
  grant: (user, space) => need('grant', user, space),
  grants: (user) => need('grants', user),
  members: (space) => need('members', space),
}

/** As it is stored, each question asked once. */
export function remembered(source: GrantSource): GrantSource {
  const answers = new Map<string, unknown>()
  function* once<T>(key: string, ask: () => Asking<T>): Asking<T> {
    if (!answers.has(key)) answers.set(key, yield* ask())
    return answers.get(key) as T
  }
  return {
    grant: (user, space) => once(`${user}\0${space}`, () => source.grant(user, space)),
    grants: (user) => once(`of ${user}`, () => source.grants(user)),
    members: (space) => once(`in ${space}`, () => source.members(space)),
  }
}

/** Grants with changes on top: those of a batch over what is stored, those of a transaction over its batch. */
export class GrantLayer implements GrantSource {
  readonly #under: GrantSource
  readonly #rows = new Map<SpaceId, Map<string, GrantRow>>()

  constructor(under: GrantSource) {
    this.#under = under
  }

  get rows(): readonly GrantRow[] {
    return [...this.#rows.values()].flatMap((here) => [...here.values()])
  }

  set(row: GrantRow): void {
    const here = this.#rows.get(row.space) ?? new Map<string, GrantRow>()
    this.#rows.set(row.space, here.set(row.user, row))
  }

  *grant(user: string, space: SpaceId): Asking<SpaceAccess | undefined> {
    const row = this.#rows.get(space)?.get(user)
    return row ? held(row)[0] : yield* this.#under.grant(user, space)
  }

  *grants(user: string): Asking<readonly SpaceAccess[]> {
    const mine = [...this.#rows.values()].flatMap((here) => here.get(user) ?? [])
    const under = yield* this.#under.grants(user)
    return [...under.filter(({ space }) => !this.#rows.get(space)?.has(user)), ...mine.flatMap(held)]
  }

  *members(space: SpaceId): Asking<readonly Member[]> {
    const here = this.#rows.get(space) ?? new Map<string, GrantRow>()
    const under = yield* this.#under.members(space)
    const changed = [...here.values()].flatMap((row) => held(row).map(({ access, role }) => ({ userId: row.user, access, role })))
    return [...under.filter(({ userId }) => !here.has(userId)), ...changed]
  }
}

const held = ({ space, access, role }: GrantRow): SpaceAccess[] => (access === null ? [] : [{ space, access, role }])
