import { describe, expect, test } from 'vitest'
import { applied, insert, testServer, update } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'

const L = 'shared'
const first = tx('A', 1, [insert(L, 't')], { base: { [L]: 0 } })

/** Ann has looked at what would become of `first`. */
async function begin() {
  const world = testServer()
  await world.grant(L, 'ann', 'write')
  await world.grant(L, 'bob', 'write')
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  const { cut, spacesTag = '' } = await ann.preview({ tx: [first] })
  return { world, ann, bob, ask: { tx: [first], condition: cut, tag: spacesTag, known: { A: 0 } } }
}

describe('a request on condition of a cut', () => {
  test('is decided where that still is, also by a name of a space that nothing else speaks of', async () => {
    const { ann, ask } = await begin()
    const answer = await ann.sync(ask)
    expect(answer).toMatchObject({ changed: undefined, verdicts: [applied('A', 1, { [L]: 1 })] })
  })

  test('decides nothing where a space has moved, says which, and brings what came since', async () => {
    const { ann, bob, ask } = await begin()
    await bob.sync({ tx: [tx('B', 1, [insert(L, 'other')])] })
    const answer = await ann.sync(ask)
    expect(answer).toMatchObject({ status: 200, changed: [L], verdicts: [] })
    expect(answer.deltas.find(({ space }) => space === L)?.records).toHaveLength(1)
    // Nor is it remembered: asked without, it is decided.
    expect((await ann.sync({ tx: [first] })).verdicts).toEqual([applied('A', 1, { [L]: 2 })])
  })

  test('decides nothing where another history is as long', async () => {
    const { ann, ask } = await begin()
    const other = new Map([[L, { seq: 0, hash: 'AAAAAAAAAAAAAAAAAAAAAA' }]])
    expect(await ann.sync({ ...ask, condition: other })).toMatchObject({ changed: [L], verdicts: [] })
  })

  test('decides nothing where what its user may do has changed, though no space has', async () => {
    const { world, ann, ask } = await begin()
    await world.setAccess(L, 'ann', 'write', 'guest')
    expect(await ann.sync(ask)).toMatchObject({ changed: [], verdicts: [] })
    await world.revoke(L, 'ann')
    expect(await ann.sync(ask)).toMatchObject({ changed: [L], verdicts: [] })
  })

  test('of which everything is decided is the same question again, and gets the same answer', async () => {
    const { ann, ask } = await begin()
    const more = { ...ask, tx: [first, voided('A', 2)] }
    const answer = await ann.sync(more)
    expect(answer.verdicts).toHaveLength(2)
    expect((await ann.sync(more)).verdicts).toEqual(answer.verdicts)
    // With anything new in it, it is another one. What base has of it by now is told all the same.
    const another = await ann.sync({ ...ask, tx: [first, voided('A', 2), tx('A', 3, [insert(L, 'u')])] })
    expect(another).toMatchObject({ changed: [L], verdicts: [] })
    expect(another.decided).toEqual(new Map([['A', 2]]))
  })

  test('is decided on what stood before in the same commit', async () => {
    const { ann, bob, ask } = await begin()
    const [one, two] = await Promise.all([bob.sync({ tx: [tx('B', 1, [insert(L, 'other')])] }), ann.sync(ask)])
    expect(one.verdicts).toEqual([applied('B', 1, { [L]: 1 })])
    expect(two).toMatchObject({ changed: [L], verdicts: [] })
  })

  test('of nothing is decided always', async () => {
    const { ann } = await begin()
    const answer = await ann.sync({ tx: [tx('A', 1, [update('home:ann', 'x', { title: 'a' })])], condition: new Map() })
    expect(answer.verdicts).toMatchObject([{ is: 'refused', code: 'unknown_record' }])
  })
})
