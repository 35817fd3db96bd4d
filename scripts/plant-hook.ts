import { registerHooks } from 'node:module'
import { planted } from './planted.ts'
import { wasted } from './planted-waste.ts'

// Loaded before everything else (`node --import`): gives one source file with a bug in it.
const plant = [...planted, ...wasted].find(({ name }) => name === process.env.HOLDFAST_PLANT)
if (!plant) throw new Error(`There is no planted bug "${process.env.HOLDFAST_PLANT}".`)
const { file, from, to } = plant

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith(`/packages/${file}`)) return loaded
    const source = String(loaded.source)
    if (!source.includes(from)) throw new Error(`The line that this bug is planted in is not in ${file} any more.`)
    return { ...loaded, source: source.replace(from, () => to) }
  },
})
