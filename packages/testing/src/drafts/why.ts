// drafts/why.ts
import type { Database } from '@holdfast/client'
import { explain } from '@holdfast/client/explain'
import type { schema } from './form.ts'

export function why(db: Database<typeof schema>, id: string): string[] {
  const fields = explain(db, 'notes', id)?.fields // undefined: the record is not on this device
  return Object.entries(fields ?? {}).flatMap(([name, { value, policy, userId, at, is, heads, pending }]) => [
    `${name} is "${value}", ${is}: ${policy}, by ${userId ?? 'somebody'}, ${at === null ? 'long ago' : new Date(at).toISOString()}`,
    ...(heads.length > 1 ? [`  of ${heads.length} that were written at the same time`] : []),
    ...pending.map(({ write, label, is }) => `  ${is}: ${label ?? write}`), // waiting, accepted, or failing
  ])
}
