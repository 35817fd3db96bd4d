// review/app.ts
import { defineSchema, string, table } from '@holdfast/shared'

export const schema = defineSchema({ version: 1, tables: { todos: table({ title: string() }) } })
