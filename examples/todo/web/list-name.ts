import type { SpaceId } from '@holdfast/shared'
import { LIST } from '../schema.ts'
import type { Db } from './db.ts'

/** What lists were called that may be gone by now: one is to be told what one has lost. */
const heard = new Map<SpaceId, string>()

/** What a person calls a space; `undefined` where nobody here has ever heard of it. */
export function heardName(db: Db, space: SpaceId): string | undefined {
  if (space === db.home.id) return 'My list'
  const name = db.space(space).lists.get(LIST)?.name
  if (name !== undefined) heard.set(space, name)
  return name ?? heard.get(space)
}

export const listName = (db: Db, space: SpaceId): string => heardName(db, space) ?? 'A list that is not here yet'

/** Takes away what is not for whoever signs in next. */
export const forgetNames = (): void => heard.clear()
