import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { planted } from '../../../scripts/planted.ts'
import { wasted } from '../../../scripts/planted-waste.ts'

test.each([...planted, ...wasted].map((one) => [one.name, one] as const))(
  'the line in which a bug is planted is there, once: %s',
  (_, { file, from, to }) => {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    expect(source.split(from)).toHaveLength(2)
    expect(to).not.toBe(from)
  },
)
