/** A function on the stack, with all that it called. */
export interface Frame {
  readonly name: string
  ms: number
  readonly calls: Map<string, Frame>
}

export const newFrame = (name: string): Frame => ({ name, ms: 0, calls: new Map() })

/** Adds a sample: its stack, outermost first. */
export function addStack(root: Frame, stack: readonly string[], ms: number): void {
  let at = root
  at.ms += ms
  for (const name of stack) {
    let next = at.calls.get(name)
    if (!next) {
      next = newFrame(name)
      at.calls.set(name, next)
    }
    next.ms += ms
    at = next
  }
}

const WIDTH = 1_400
const HEIGHT = 17

/**
 * A flame graph as SVG, the outermost calls on top and wide what took long: a file that any browser shows, with the time of each frame in
 * its title. Source: Gregg, "The Flame Graph" (CACM 59/6, 2016).
 */
export function flameGraph(root: Frame, title: string): string {
  const boxes: string[] = []
  let depth = 0
  const draw = (frame: Frame, x: number, y: number): void => {
    const width = (WIDTH * frame.ms) / root.ms
    if (width < 0.4) return
    depth = Math.max(depth, y)
    const share = `${frame.name}: ${frame.ms.toFixed(1)} ms, ${((100 * frame.ms) / root.ms).toFixed(1)} %`
    const label = width > 40 ? `<text x="${(x + 3).toFixed(1)}" y="${y * HEIGHT + 34}">${xml(frame.name.slice(0, width / 6.2))}</text>` : ''
    boxes.push(
      `<g><title>${xml(share)}</title><rect x="${x.toFixed(1)}" y="${y * HEIGHT + 22}" width="${width.toFixed(1)}" height="${HEIGHT - 1}" fill="hsl(${hue(frame.name)} 60% 68%)"/>${label}</g>`,
    )
    let at = x
    for (const call of [...frame.calls.values()].sort((a, b) => b.ms - a.ms)) {
      draw(call, at, y + 1)
      at += (WIDTH * call.ms) / root.ms
    }
  }
  draw(root, 0, 0)
  const height = (depth + 1) * HEIGHT + 30
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, monospace" font-size="10" role="img" aria-label="${xml(title)}">
<style>.title{font-size:13px;fill:#222}@media(prefers-color-scheme:dark){svg{background:#16181d}.title{fill:#ddd}}</style>
<text class="title" x="3" y="14">${xml(title)}</text>
${boxes.join('\n')}
</svg>
`
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A warm colour of its own for each name, the same in each graph. */
function hue(name: string): number {
  let hash = 0
  for (const unit of name) hash = (hash * 31 + unit.charCodeAt(0)) % 997
  return 10 + (hash % 45)
}
