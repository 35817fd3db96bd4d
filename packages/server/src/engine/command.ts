import { HoldfastError, isHoldfastError, type JsonValue } from '@holdfast/shared'
import { checkArgs } from '@holdfast/shared/internal/schema/check-args'
import type { Command } from '@holdfast/shared/internal/schema/command'
import { checkValue, utf8Length } from '@holdfast/shared/internal/schema/value'
import type { ServerVerbs } from '../hooks.ts'
import { accessTo } from './access.ts'
import { userOf } from './asker.ts'
import type { Batch } from './batch.ts'
import { hookError, orRefused } from './hook.ts'
import type { Asking } from './reads.ts'
import { type Body, type Ran, runBody } from './run-body.ts'
import type { Writer } from './writer.ts'

interface Call {
  readonly name: string
  readonly args: unknown
}

/** The most bytes that the result of a command may have as JSON. */
const RESULT = 64 * 1024

/** The command that a transaction is, if it is one. @throws HoldfastError `invalid_value` */
export function commandIn(operations: readonly unknown[]): Call | undefined {
  if (!operations.some((operation) => Array.isArray(operation) && operation[0] === 'cmd')) return undefined
  // The first may be anything, if it is not the only one.
  const [, name, args, ...more] = operations.length === 1 ? (operations[0] as unknown[]) : []
  if (typeof name !== 'string' || args === undefined || more.length > 0)
    throw new HoldfastError('invalid_value', 'A command is alone in its transaction: its name and its arguments.')
  return { name, args }
}

/**
 * Runs a command: the body that only the server has, with the server's rights, else the shared one with its caller's. Nothing is applied
 * yet. What it gives back is checked, and is text from here on, so that who asks again gets the same.
 */
export function* runCommand(
  batch: Batch,
  { name, args: given }: Call,
  author: Omit<Writer, 'rights'>,
): Asking<Ran<string | undefined> & { readonly writer: Writer }> {
  const { commands = {}, run = {} } = batch.engine
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  const own = Object.hasOwn(run, name) ? run[name] : undefined
  if (!command || !(own ?? command.run)) throw new HoldfastError('unknown_command', 'This server has no such command.')
  const { args } = checkArgs(name, command, given)
  const writer: Writer = { ...author, rights: own ? 'server' : 'own' }
  const body: Body<unknown> = own
    ? (tx, server, { sight, overlay }) =>
        own(
          tx,
          args,
          forCaller(server, (space) => sight.now(() => accessTo(author.asker, space, overlay.grants))),
        )
    : (tx) => command.run?.(tx, args as never)
  function forCaller(server: ServerVerbs, access: (space: string) => unknown): object {
    return { ...server, access, user: userOf(author.asker) }
  }
  try {
    const ran = yield* runBody(batch, writer, body)
    return { ...ran, value: resultText(name, command, orRefused(ran.value)), writer }
  } catch (error) {
    throw hookError(`The command "${name}"`, error, (one) => isHoldfastError(one))
  }
}

function resultText(name: string, { result }: Command, value: unknown): string | undefined {
  let checked: JsonValue
  try {
    const promised = result ? conforming(result, value) : value
    if (promised === undefined) return undefined
    checked = checkValue(promised, { table: name })
  } catch (error) {
    // It is the body that is at fault, not who called.
    throw new TypeError(`Its result is not what it promised: ${(error as Error).message}`)
  }
  const text = JSON.stringify(checked)
  if (utf8Length(text) > RESULT) throw new RangeError(`Its result has more than ${RESULT} bytes.`)
  return text
}

function conforming(schema: NonNullable<Command['result']>, value: unknown): unknown {
  const checked = schema['~standard'].validate(value)
  if ('then' in checked) throw new TypeError('its validator is asynchronous')
  if (checked.issues) throw new TypeError(checked.issues[0]?.message ?? 'refused by its validator')
  return checked.value
}
