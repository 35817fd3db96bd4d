import { registerHooks } from 'node:module'
import { plantedByName } from './planted.ts'

// Loaded before everything else (`node --import`): gives one source file with a bug in it.
const { file, from, to } = plantedByName(process.env.HOLDFAST_PLANT ?? '')

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith(`/packages/${file}`)) return loaded
    const source = String(loaded.source)
    if (!source.includes(from)) throw new Error(`The line that this bug is planted in is not in ${file} any more.`)
    return { ...loaded, source: source.replace(from, () => to) }
  },
})
