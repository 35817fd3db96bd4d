import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonical } from '../json.ts'
import { wireFrame } from './frame.ts'
import { wireRequest, wireTransaction } from './request.ts'
import { wireDelta, wireHead, wireRecord, wireTrailer, wireVerdict } from './response.ts'
import { PROTOCOL } from './version.ts'

/** The hash of all wire forms, by version of the protocol. A released line is never edited: a new version gets a new one. */
const LOCKED: Readonly<Record<number, string>> = { 1: 'bb5bb7f35b4d3d4f' }

test('the forms on the wire are those of their version: who changes them bumps PROTOCOL and says in version.ts what changed', () => {
  const forms = { wireDelta, wireFrame, wireHead, wireRecord, wireRequest, wireTrailer, wireTransaction, wireVerdict }
  const hash = createHash('sha256').update(canonical(forms)).digest('hex').slice(0, 16)
  expect(`${PROTOCOL}: ${hash}`).toBe(`${PROTOCOL}: ${LOCKED[PROTOCOL]}`)
})
