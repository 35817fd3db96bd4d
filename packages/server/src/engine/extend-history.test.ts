import { defineSchema, string, table } from '@holdfast/shared'
import { firstHash } from '@holdfast/shared/internal/history/history-hash'
import { decodeRequest } from '@holdfast/shared/internal/protocol/request'
import { expect, test } from 'vitest'
import { nodePlatform } from '../platform.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { storeGrant } from '../test-server.kit.ts'
import { bodyOf, tx } from '../wire-client.kit.ts'
import { decideAll } from './decide.ts'
import { need } from './reads.ts'

test('walkthrough 11: the first entry of a space and the hashes before and after it', async () => {
  const schema = defineSchema({ version: 1, tables: { todos: table({ title: string() }) } })
  const engine = { schema, rules: {}, sha256: nodePlatform.sha256 }
  const storage = memoryStorage({ epoch: 'e1' })
  await storeGrant(storage, 'ann', 'L', 'write')
  const request = decodeRequest(bodyOf({ user: 'ann', tx: [tx('A', 1, [['ins', 'L', 'todos', 't1', { title: 'Milk' }]], { at: 10_200 })] }))
  await storage.write(() => decideAll(engine, [{ request, asker: { user: 'ann', now: 10_900 } }]))
  const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')
  expect(hex(firstHash(engine.sha256, 'e1', 'L'))).toBe('b4a608e077bf8df0ca3c0a7f34098e8e5c9e0e08162a4641adb29baadc7472ae')
  expect(await storage.read(() => need('entryAt', 'L', 1))).toBe(
    '[1,"e1",["A",1],"ann",10200,[["todos","t1",{"born":[["A",1,1,10200]],"f":{"title":["Milk",[["A",1,1,10200]]]}}]]]',
  )
  expect(hex((await storage.read(() => need('space', 'L')))?.hash)).toBe('6c886ccd42efe3cfd644bfc03c0f7dbaca7c370e35a44de8186d14b113de2132')
  expect(await storage.read(() => need('hashAt', 'L', 1))).toBe('bIhszULv48_WRL_APA99ug')
})
