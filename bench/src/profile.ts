import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { addStack, flameGraph, newFrame } from './flame.ts'

interface Node {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

/** What Chromium's profiler gives; opened as it is by DevTools and speedscope. */
export interface CpuProfile {
  readonly nodes: readonly Node[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/**
 * Keeps a profile, with a flame graph beside it, and gives where most of the time went: by function, itself and with all that it called, in
 * milliseconds.
 */
export function keepProfile(profile: CpuProfile, file: string): string {
  writeFileSync(file, JSON.stringify(profile))
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const parent = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const self = new Map<string, number>()
  const root = newFrame('everything but waiting')
  const total = new Map<string, number>()
  const add = (to: Map<string, number>, name: string, ms: number) => to.set(name, (to.get(name) ?? 0) + ms)
  profile.samples.forEach((sample, i) => {
    const ms = (profile.timeDeltas[i] ?? 0) / 1_000
    const stack: string[] = []
    for (let at: number | undefined = sample; at !== undefined; at = parent.get(at)) stack.push(nameOf(byId.get(at) as Node))
    if (!WAITING.includes(stack[0] as string)) addStack(root, stack.toReversed().slice(1), ms)
    add(self, nameOf(byId.get(sample) as Node), ms)
    for (const name of new Set(stack)) add(total, name, ms)
  })
  writeFileSync(file.replace(/\.cpuprofile$/, '.svg'), flameGraph(root, `${basename(file)}: ${root.ms.toFixed(0)} ms`))
  const all = [...self.values()].reduce((sum, ms) => sum + ms, 0)
  const idle = (self.get('(idle)') ?? 0) + (self.get('(program)') ?? 0)
  const top = (of: Map<string, number>) =>
    [...of]
      .filter(([name]) => !['(root)', '(idle)', '(program)'].includes(name))
      .sort(([, a], [, b]) => b - a)
      .slice(0, 40)
      .map(([name, ms]) => `${ms.toFixed(0).padStart(8)} ms ${((100 * ms) / (all - idle)).toFixed(1).padStart(5)} %  ${name}`)
  return [`busy ${(all - idle).toFixed(0)} ms of ${all.toFixed(0)}`, 'itself:', ...top(self), 'with what it called:', ...top(total)].join(
    '\n',
  )
}

const WAITING = ['(idle)', '(program)', '(root)']

const nameOf = ({ callFrame: { functionName, url, lineNumber } }: Node): string =>
  functionName.startsWith('(') ? functionName : `${functionName || 'anonymous'} ${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`
