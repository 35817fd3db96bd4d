import { refuse } from '@holdfast/shared'
import { expect, expectTypeOf, test } from 'vitest'
import { defineServer } from './server-options.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import { createSyncServer } from './sync-server.ts'
import { argsOf, schema } from './test-server.kit.ts'

const join = schema.command({ args: argsOf<{ secret: string }>(), result: argsOf<{ space: string }>() })
const rename = schema.command({ args: argsOf<{ id: string; title: string }>(), run: (tx, { id, title }) => tx.todos.update(id, { title }) })
const authenticate = () => ({ id: 'ann', plan: 'free' })

test('a server is typed by its schema, its commands and its users', async () => {
  const config = defineServer({
    schema,
    commands: { join, rename },
    authenticate,
    createSpace: ({ user }) => user.plan === 'paid',
    validate({ changes, read, user }) {
      expectTypeOf(user.plan).toBeString()
      for (const { after, table } of changes) if (table === 'todos' && after?.title === 'bad') return refuse('bad', 'No.')
      expectTypeOf(read.todos.get('t1')?.votes).toEqualTypeOf<number | undefined>()
      return undefined
    },
    run: {
      join(tx, { secret }, server) {
        expectTypeOf(secret).toBeString()
        expectTypeOf(server.user.plan).toBeString()
        tx.space('x').todos.get(secret)
        return { space: secret }
      },
    },
  })
  const server = createSyncServer({ ...config, storage: memoryStorage() })
  expect(await server.write((tx) => tx.space('L').todos.insert({ id: 'a', title: 'x' }))).toBe('a')
  await server.close()
})

test('what must not compile', () => {
  // @ts-expect-error the body of a command without a shared one is missing
  defineServer({ schema, authenticate, commands: { join } })
  // @ts-expect-error and its args and result are typed
  defineServer({ schema, authenticate, commands: { join }, run: { join: (_, { token }) => token } })
  defineServer({ schema, authenticate, commands: { rename } })
  defineServer({ schema, authenticate, commands: { rename }, run: { rename: (tx, { id }) => tx.home.todos.delete(id) } })
})
