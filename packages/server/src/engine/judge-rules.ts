import { HoldfastError } from '@holdfast/shared'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import { type RecordState, type Row, toRow } from '@holdfast/shared/internal/merge/record'
import type { Who } from '@holdfast/shared/internal/schema/rules'
import { type Engine, tableOf } from './engine.ts'
import { changedFields, fateOf, type Touched } from './overlay.ts'

type AnyRule = (change: Who & { before?: Row; after?: Row; changed?: readonly string[] }) => unknown
type AnyRules = { readonly [verb in 'insert' | 'update' | 'delete']?: AnyRule }

/**
 * Asks the app's rules about every record that a transaction changed, as it was before and is after the whole of it. An edit that only
 * lost is asked about too: it is in the heads, and may win tomorrow.
 *
 * @throws HoldfastError `rule_refused`; `hook_failed` if a rule throws
 */
export function judgeRules(engine: Engine, who: Who, touched: readonly Touched[]): void {
  for (const one of touched) {
    if (one.table === CONFLICTS || !Object.hasOwn(engine.rules, one.table)) continue
    const rules = (engine.rules as Readonly<Record<string, AnyRules>>)[one.table]
    for (const fate of fateOf(one)) {
      const rule = rules?.[fate]
      if (rule) judge(rule, { ...who, ...rows(engine, one, fate) }, `${fate} of ${one.table}`)
    }
  }
}

function rows(
  engine: Engine,
  one: Touched,
  fate: 'insert' | 'update' | 'delete',
): { before?: Row; after?: Row; changed?: readonly string[] } {
  const row = (record: RecordState | undefined) => toRow(tableOf(engine, one.table), one.space, one.id, record as RecordState)
  if (fate === 'insert') return { after: row(one.after) }
  if (fate === 'delete') return { before: row(one.before) }
  return { before: row(one.before), after: row(one.after), changed: changedFields(one) }
}

function judge(rule: AnyRule, change: Parameters<AnyRule>[0], what: string): void {
  let verdict: unknown
  try {
    verdict = rule(change)
  } catch (error) {
    throw new HoldfastError('hook_failed', `The rule for ${what} failed.`, {}, error)
  }
  if (verdict !== true) throw new HoldfastError('rule_refused', `The rule for ${what} does not allow this.`)
}
