// What the quickstart imports: the code that every app with Holdfast ships. Measured by size.ts.
import { openDatabase } from '@holdfast/client'
import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'

export { boolean, counter, defineSchema, openDatabase, set, string, table }
