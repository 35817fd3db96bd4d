import { diskText } from '../raw-store.ts'
import { Broken } from './broken.ts'
import type { Person } from './person.ts'

// Taint: what only one user may see says so, "secret of ann", and is looked for in every answer, frame and disk of the others.

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Any of these users; of one whose id another begins with the longer. */
const oneOf = (users: readonly string[]): string =>
  users
    .toSorted((a, b) => b.length - a.length)
    .map(literally)
    .join('|')

export type Secrets = (text: string, user: string) => readonly string[]

/** Whose secrets, of these users, are in a text, besides his own. */
export function secretsOf(users: readonly string[]): Secrets {
  const secret = new RegExp(`secret of (${oneOf(users)})(?!\\w)`, 'g')
  return (text, user) => [...new Set([...text.matchAll(secret)].flatMap(([, of]) => (of === undefined || of === user ? [] : [of])))]
}

/** P9: on no device is anything of another user, but in his own database. */
export async function isolatedDisks(people: readonly Person[], secretsIn: Secrets): Promise<void> {
  for (const { name, device } of people) {
    for (const { name: database = '' } of await device.indexedDB.databases()) {
      const user = decodeURIComponent(database.split(' ')[2] ?? '')
      const [other] = secretsIn(await diskText(device.indexedDB, undefined, database), user)
      if (other) throw new Broken('isolation', `a secret of ${other} is on the disk of ${name}, in the database of ${user}`)
    }
  }
}

/** P9: of a space that was taken from him a device has nothing any more that others wrote. */
export async function purgedDisk(
  { name, user, device }: Person,
  { space, users }: { readonly space: string; readonly users: readonly string[] },
): Promise<void> {
  const written = new RegExp(`by (${oneOf(users)}) in ${literally(space)}\\b`, 'g')
  for (const { name: database = '' } of await device.indexedDB.databases()) {
    if (decodeURIComponent(database.split(' ')[2] ?? '') !== user) continue
    const text = await diskText(device.indexedDB, undefined, database)
    const found = [...text.matchAll(written)].find(([, by]) => by !== user)
    if (found) throw new Broken('isolation', `${name} was put out of ${space}, and its disk still has "${found[0]}"`)
  }
}
