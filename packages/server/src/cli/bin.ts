#!/usr/bin/env node
import { holdfast } from './holdfast.ts'

process.exitCode = holdfast(process.argv.slice(2), {
  say: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
})
