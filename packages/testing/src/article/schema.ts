import { conflicting, defineSchema, strict, string, table, threeWay } from '@holdfast/shared'

/** An article whose fields merge each in its way: the later text, both of what was appended to the notes, no second headline. */
export const schema = defineSchema({
  version: 1,
  tables: {
    articles: table({
      text: string(),
      notes: string().merge(
        threeWay(({ base, theirs, mine }) => (mine.startsWith(base ?? '') ? theirs + mine.slice(base?.length) : conflicting(theirs))),
      ),
      headline: string().merge(strict),
    }),
  },
})
