import type { JsonValue } from '@holdfast/shared/internal/json'
import type { Policy } from '@holdfast/shared/internal/policy/policy'

/** What a field shows that was written once, by one. */
export function alone(policy: Policy, value: JsonValue): JsonValue {
  const author = { head: { by: ['', 0] as const, seq: 0, at: 0 }, base: 0, sees: () => true }
  const merged = policy.apply(policy.empty(null), { do: 'set', value }, author)
  return 'refused' in merged ? value : policy.read(merged.state)
}
