import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bigBodies } from './hostile/big.ts'
import { corpus, type Hostile } from './hostile/corpus.ts'
import { mutate } from './hostile/mutate.ts'
import { openTheatre, type Theatre } from './hostile/scene.ts'
import { isSlow, paceOf, Trial } from './hostile/trial.ts'
import { seededRandom } from './random.ts'

const { HOLDFAST_BODIES: bodies = 2_500, HOLDFAST_SEED: seed = 1 } = process.env
/** After so many bodies the scene is a new one, so that what is accepted does not pile up. */
const ACT = 100
const fixtures = new URL('./hostile/fixtures/', import.meta.url)

let theatre: Theatre
beforeAll(async () => {
  theatre = await openTheatre()
})
afterAll(() => theatre.close())

const bytesOf = (body: unknown) => new TextEncoder().encode(JSON.stringify(body))

describe('hostile push bodies', () => {
  test('unharmed, every body of the corpus is decided as it should be', async () => {
    const kinds = new Set<unknown>()
    for (const [i, { user, body }] of corpus(theatre, 'x').entries()) {
      const trial = new Trial(theatre)
      const { answer } = await trial.try({ user, gzip: false, bytes: bytesOf(body) }, true)
      const said = answer.verdicts.map((verdict) => (verdict.is === 'refused' ? verdict.code : verdict.is))
      expect.soft([i, answer.status, answer.problem, ...said.filter((word) => !OK.includes(word))]).toEqual([i, 200, undefined])
      for (const { o = [] } of body.tx as { o?: unknown[][] }[]) for (const [kind] of o) kinds.add(kind)
      await trial.probe()
      await trial.close()
    }
    expect([...kinds].sort()).toEqual(['add', 'cmd', 'del', 'inc', 'ins', 'key', 'mov', 'off', 'put', 'rem', 'res', 'unk', 'upd'])
  })

  test.each(readdirSync(fixtures).map((name) => [name]))('once harmful: %s', async (name) => {
    const { status, says, text, ...fixture } = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as Fixture
    const hostile = { ...fixture, bytes: new TextEncoder().encode(text) }
    const trial = new Trial(theatre)
    const { answer, ms } = await trial.try(hostile, true)
    const codes = answer.verdicts.map((verdict) => (verdict.is === 'refused' ? verdict.code : verdict.is))
    expect({ status: answer.status, says: answer.problem ? [answer.problem.code] : codes }).toEqual({ status, says })
    for (const verdict of answer.verdicts)
      if (verdict.is === 'refused') expect(verdict.message.length).toBeLessThan(2_000)
      else expect(verdict).toMatchObject({ conflicts: 0 })
    await trial.probe()
    await trial.close()
    expect(await isSlow(theatre, hostile, await paceOf(theatre), ms)).toBe(false)
  })

  test.each(bigBodies())('big: %s', { timeout: 60_000 }, async (_, text) => {
    const pace = await paceOf(theatre)
    const hostile: Hostile = { user: 'ann', gzip: false, bytes: new TextEncoder().encode(text) }
    const trial = new Trial(theatre)
    const { ms } = await trial.try(hostile)
    await trial.probe()
    await trial.close()
    expect(await isSlow(theatre, hostile, pace, ms)).toBe(false)
  })

  test('are refused in bounded time, by code, and change nothing that is not their author’s', { timeout: 3_600_000 }, async () => {
    const random = seededRandom(Number(seed))
    const pace = await paceOf(theatre)
    const counts = new Map<string, number>()
    const count = (word: string) => counts.set(word, 1 + (counts.get(word) ?? 0))
    const found: string[] = []
    let trial = new Trial(theatre)
    for (let i = 0; i < Number(bodies); i++) {
      const valid = corpus(theatre, `x${i}-`)
      const hostile = mutate(valid[Math.floor(random() * valid.length)] as (typeof valid)[number], random)
      try {
        const { answer, ms } = await trial.try(hostile, random() < 0.2)
        count(answer.problem ? `${answer.status} ${answer.problem.code}` : `${answer.status}`)
        for (const verdict of answer.verdicts) count(verdict.is === 'refused' ? `refused ${verdict.code}` : verdict.is)
        if (i % 10 === 0) await trial.probe()
        if (await isSlow(theatre, hostile, pace, ms)) throw new RangeError(`${Math.round(ms)} ms`)
      } catch (error) {
        found.push(`${i}: ${(error as Error).message}`.slice(0, 500))
        keep(`found-${seed}-${i}`, hostile, (error as Error).message)
      }
      if (i % ACT === ACT - 1 || found.at(-1)?.startsWith(`${i}:`)) {
        await trial.close()
        trial = new Trial(theatre)
      }
      if (found.length > 30) break
    }
    await trial.probe()
    await trial.close()
    process.stdout.write(`${bodies} bodies: ${JSON.stringify(Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)))}\n`)
    expect(found).toEqual([])
  })
})

/** A body that once did harm, and what it is answered. */
interface Fixture extends Omit<Hostile, 'bytes'> {
  readonly text: string
  readonly status: number
  readonly says: readonly string[]
}

/** Verdicts of the corpus: one read what is otherwise, one deletes a conflict that there is not, one updates a record that is not there. */
const OK = ['applied', 'conflict', 'unknown_record', 'discarded', 'purged', 'lost']

/** A body that the server did not withstand, for ever: its exact bytes. */
function keep(name: string, { user, gzip, bytes }: Hostile, was: string): void {
  const text = new TextDecoder().decode(bytes)
  const exact = Buffer.from(text).equals(bytes) && text.length < 10_000 ? { text } : { base64: Buffer.from(bytes).toString('base64') }
  const folder = process.env.HOLDFAST_FOUND
  if (folder) writeFileSync(`${folder}/${name}.json`, `${JSON.stringify({ was: was.slice(0, 300), user, gzip, ...exact }, null, 2)}\n`)
}
