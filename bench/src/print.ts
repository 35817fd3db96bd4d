import type { RowResult } from './results.ts'
import type { Spread } from './spread.ts'

/** Three digits that matter. */
export const short = (n: number): string =>
  n >= 1_000
    ? Math.round(n).toLocaleString('en')
    : n >= 100
      ? n.toFixed(0)
      : n >= 10
        ? n.toFixed(1)
        : n >= 1
          ? n.toFixed(2)
          : n.toPrecision(2)

const one = ({ median, min, max, samples }: Spread): string =>
  samples.length > 1 ? `${short(median)} (${short(min)}–${short(max)})` : short(median)

/** A row of the table as lines of text: medians, in brackets the least and the most. */
export function printRow({ key, title, unit, targets, cells }: RowResult): void {
  const lines = [`\n${key}. ${title}, ${unit}`]
  for (const { measure, says, bound, met } of targets) {
    const ratio = bound !== null && says.includes('×') ? ` = ${short(bound)}` : ''
    lines.push(`   target ${measure} ${says}${ratio}: ${met === null ? 'not known' : met ? 'met' : 'NOT MET'}`)
  }
  for (const { contender, measures, gap } of cells) {
    const all = Object.entries(measures).map(([name, found]) => `${name} ${one(found)}`)
    if (all.length > 0) lines.push(`   ${contender.padEnd(20)} ${all.join(' · ')}`)
    if (gap && !gap.startsWith('a limit of')) lines.push(`   ${contender.padEnd(20)} — ${gap}`)
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}
