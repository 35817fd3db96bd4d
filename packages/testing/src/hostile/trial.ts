import { tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import type { Hostile } from './corpus.ts'
import { type Answer, Judge, readAnswer } from './judge.ts'
import { type Scene, SPACES, type Theatre } from './scene.ts'

/** How much longer than a valid body of its size may a hostile one take; generous, because the machine has other things to do. */
const PATIENCE = 100
/** Questions to the storage that any body may cost, and those for each of its bytes once unpacked. */
const QUESTIONS = { any: 300, byte: 1 }

/** Milliseconds that valid bodies take. */
export interface Pace {
  readonly small: number
  readonly byte: number
}

/** A scene on which hostile bodies are tried, and the judge who looks at it after each. */
export class Trial {
  readonly #scene: Scene
  readonly #judge: Judge
  #probes = 0

  constructor(theatre: Theatre) {
    this.#scene = theatre.open()
    this.#judge = new Judge(this.#scene)
  }

  /** Posts a body, and throws unless the server held. With `again` it is posted twice. */
  async try({ user, gzip, bytes }: Hostile, again = false): Promise<{ answer: Answer; ms: number }> {
    const headers: Record<string, string> = gzip ? { 'content-encoding': 'gzip' } : {}
    const post = async () => await readAnswer(await wireClient(this.#scene.fetch, user).post(bytes, headers))
    const [asked, start] = [this.#scene.asked(), performance.now()]
    const answer = await post()
    const ms = performance.now() - start
    const questions = this.#scene.asked() - asked
    if (questions > QUESTIONS.any + QUESTIONS.byte * bytes.length) throw new RangeError(`${questions} questions to the storage`)
    this.#judge.judge(user, answer)
    if (again && answer.status === 200) {
      const repeated = await post()
      this.#judge.judge(user, repeated)
      sameVerdicts(answer, repeated)
    }
    return { answer, ms }
  }

  /** A valid push, of both users at once, is served as ever. */
  async probe(): Promise<void> {
    const n = ++this.#probes
    for (const user of ['ann', 'bob'] as const) {
      const put = ['put', SPACES[user], 'notes', 'probe', { text: `${n}` }]
      const response = await wireClient(this.#scene.fetch, user).sync({
        version: 2,
        pull: false,
        tx: [tx(`probe-${user}`, n, [put], { version: 2, begins: [] })],
      })
      if (response.verdicts[0]?.is !== 'applied') throw new RangeError(`a valid push was answered ${JSON.stringify(response.verdicts)}`)
      this.#judge.judge(user, response)
    }
  }

  async close(): Promise<void> {
    this.#judge.close()
    await this.#scene.close()
  }
}

/** What was decided stays so, word for word; unless there is a history now which its cursor is not of. */
function sameVerdicts(first: Answer, again: Answer): void {
  if (again.differs) return
  const dots = first.verdicts.map(({ dot }) => `${dot}`)
  for (const [i, verdict] of first.verdicts.entries()) {
    if (verdict.is === 'expected' || verdict.is === 'fork' || dots.indexOf(dots[i] ?? '') !== dots.lastIndexOf(dots[i] ?? '')) continue
    const repeated = again.verdicts.find(({ dot }) => `${dot}` === dots[i])
    if (JSON.stringify(repeated) !== JSON.stringify(verdict))
      throw new RangeError(`${JSON.stringify(verdict)}, and asked again ${JSON.stringify(repeated)}`)
  }
}

/** How long valid bodies take, a small one and a long one. */
export async function paceOf(theatre: Theatre): Promise<Pace> {
  const trial = new Trial(theatre)
  const { small, long } = { small: [] as number[], long: [] as number[] }
  const client = (session: string, count: number) => {
    const puts = Array.from({ length: count }, (_, i) => [
      'put',
      SPACES.ann,
      'notes',
      `${session}${i % 50}`,
      { text: 'as long as a note usually is' },
    ])
    return bytesOf({ session, puts })
  }
  for (let i = 0; i < 10; i++) small.push((await trial.try(client(`small${i}`, 1))).ms)
  const one = client('long', 3_000)
  for (let i = 0; i < 3; i++) long.push((await trial.try(client(`long${i}`, 3_000))).ms)
  await trial.close()
  return { small: Math.max(1, median(small)), byte: median(long) / one.bytes.length }
}

const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] as number
const bytesOf = ({ session, puts }: { session: string; puts: readonly unknown[] }): Hostile => ({
  user: 'ann',
  gzip: false,
  bytes: new TextEncoder().encode(
    JSON.stringify({ p: 1, v: 2, u: 'ann', q: 'q', X: [SPACES.ann], S: [session], cur: [], pull: 0, tx: [{ d: [0, 1], o: puts }] }),
  ),
})

/** Whether a body took out of all proportion. What only the machine held up is quick when it is tried again. */
export async function isSlow(theatre: Theatre, hostile: Hostile, { small, byte }: Pace, ms: number): Promise<boolean> {
  const limit = PATIENCE * (small + byte * hostile.bytes.length)
  let best = ms
  for (let i = 0; i < 3 && best > limit; i++) {
    const trial = new Trial(theatre)
    best = Math.min(best, (await trial.try(hostile)).ms)
    await trial.close()
  }
  return best > limit
}
