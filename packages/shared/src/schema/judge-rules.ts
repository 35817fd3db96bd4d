import { HoldfastError, isRefusal } from '../errors.ts'
import { CONFLICTS } from '../merge/conflict.ts'
import { type RecordState, type Row, toRow } from '../merge/record.ts'
import { changedFields, fateOf, type Touched } from '../merge/touched.ts'
import type { Rules, Who } from './rules.ts'
import type { TableDef } from './table.ts'

type AnyRule = (change: Who & { before?: Row; after?: Row; changed?: readonly string[] }) => unknown
type AnyRules = { readonly [verb in 'insert' | 'update' | 'delete']?: AnyRule }

/**
 * Asks the app's rules about every record that a transaction changed, as it was before and is after the whole of it. An edit that only
 * lost is asked about too: it is in the heads, and may win tomorrow. The same function on both sides: the client predicts, the server
 * decides.
 *
 * @throws HoldfastError `rule_refused`; `hook_failed` if a rule throws; a `refuse()` that it throws goes through as it is
 */
export function judgeRules(rules: Rules, table: (name: string) => TableDef, who: Who, touched: readonly Touched[]): void {
  for (const one of touched) {
    if (one.table === CONFLICTS || !Object.hasOwn(rules, one.table)) continue
    const verbs = (rules as Readonly<Record<string, AnyRules>>)[one.table]
    for (const fate of fateOf(one)) {
      const rule = verbs?.[fate]
      if (rule) judge(rule, { ...who, ...rows(table(one.table), one, fate) }, { table: one.table, id: one.id, action: fate })
    }
  }
}

function rows(
  table: TableDef,
  one: Touched,
  fate: 'insert' | 'update' | 'delete',
): { before?: Row; after?: Row; changed?: readonly string[] } {
  const row = (record: RecordState | undefined) => toRow(table, one.space, one.id, record as RecordState)
  if (fate === 'insert') return { after: row(one.after) }
  if (fate === 'delete') return { before: row(one.before) }
  return { before: row(one.before), after: row(one.after), changed: changedFields(one) }
}

function judge(
  rule: AnyRule,
  change: Parameters<AnyRule>[0],
  details: { readonly table: string; readonly id: string; readonly action: string },
): void {
  const what = `${details.action} of ${details.table}`
  let verdict: unknown
  try {
    verdict = rule(change)
  } catch (error) {
    if (isRefusal(error)) throw error
    throw new HoldfastError('hook_failed', `The rule for ${what} failed.`, details, error)
  }
  if (verdict !== true) throw new HoldfastError('rule_refused', `The rule for ${what} does not allow this.`, details)
}
