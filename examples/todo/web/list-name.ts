import type { SpaceId } from '@holdfast/shared'
import { LIST } from '../schema.ts'
import type { Db } from './db.ts'

/** What lists were called that may be gone by now: one is to be told what one has lost. */
const heard = new Map<SpaceId, string>()

/** What a person calls a space. */
export function listName(db: Db, space: SpaceId): string {
  if (space === db.home.id) return 'My list'
  const name = db.space(space).lists.get(LIST)?.name
  if (name !== undefined) heard.set(space, name)
  return name ?? heard.get(space) ?? 'A list that is not here'
}

/** Takes away what is not for whoever signs in next. */
export const forgetNames = (): void => heard.clear()
