import type { Database, Space } from '@holdfast/client'
import type { app } from '../app.ts'

export type Db = Database<typeof app.schema, typeof app.commands>
export type List = Space<typeof app.schema>
