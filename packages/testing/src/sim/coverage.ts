import { dotName } from '@holdfast/shared/internal/clock/dot'
import { CONFLICTS, type ConflictValue } from '@holdfast/shared/internal/merge/conflict'
import { isVoid, type SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import type { Authored } from './authored.ts'
import type { History } from './history.ts'
import type { Person } from './person.ts'

/** What is worth to have been in, and is seen on a device. */
export function noteStates(person: Person, hit: (what: string) => void): void {
  for (const tab of person.tabs) {
    const { problem, leader, restored } = tab.db.status.read()
    if (problem) hit(`state: ${problem.code}`)
    if (restored && restored.back > 0) hit('state: what a restored server lost is back')
    if (restored && restored.lost > 0) hit('state: what a restored server lost is listed')
    if (!leader || tab === person.leader) continue
    if (person.leader) hit('state: another tab leads')
    person.leader = tab
  }
}

/** …at the door of the server: what it was sent, and what it said. */
export function* statesOfExchange({ submissions }: SyncRequest, { differs, reset, lost, verdicts }: SyncResponse): Generator<string> {
  for (const one of submissions) if (isVoid(one)) yield `void: ${one.reason}`
  for (const [what, is] of Object.entries({ differs, reset, lost })) if (is) yield `answer: ${what}`
  for (const verdict of verdicts) yield verdict.is === 'refused' ? `refused: ${verdict.code}` : `answer: ${verdict.is}`
}

/** …and in what it has decided: conflicts, and what went along with a reference. */
export function* statesOfHistory(history: History, authored: ReadonlyMap<string, Authored>): Generator<string> {
  for (const [space, entries] of history) {
    for (const { dot, effects } of entries) {
      const written = authored.get(dotName(dot))?.transaction
      for (const [table, id, { born, died, f }] of effects) {
        if (table === CONFLICTS) {
          if (f?.v) yield `conflict: ${(f.v as readonly [ConflictValue])[0].kind}`
          continue
        }
        if (!written || written.command || written.operations.some((one) => one[1] === space && one[2] === table && one[3] === id)) continue
        if (died && died.length > 0) yield 'reference: cascade'
        else if (died || born) yield 'reference: revive'
        else if (Object.values(f ?? {}).some((packed) => (packed as readonly unknown[])[0] === null)) yield 'reference: set-null'
        else yield 'rank: another key'
      }
    }
  }
}
