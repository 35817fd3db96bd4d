import { HoldfastError } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import type { Command } from './command.ts'
import { checkValue, invalid } from './value.ts'

/**
 * The arguments of a command: as they are stored and sent, and as its body gets them. A schema that transforms does so anew each time.
 *
 * @throws HoldfastError `invalid_value`
 */
export function checkArgs(name: string, command: Command, given: unknown): { readonly stored: JsonValue; readonly args: unknown } {
  const at = { table: name }
  const stored = given === undefined ? null : checkValue(given, at)
  let result: ReturnType<Command['args']['~standard']['validate']>
  try {
    result = command.args['~standard'].validate(stored)
  } catch (error) {
    throw invalid(at, 'the validator of its arguments threw', { cause: error })
  }
  if ('then' in result) throw invalid(at, 'the validator of its arguments is asynchronous')
  if (result.issues)
    throw new HoldfastError('invalid_value', `${name}: ${result.issues[0]?.message ?? 'refused by its validator'}`, { command: name })
  return { stored, args: result.value }
}
