#!/usr/bin/env node
// Runs a script of this checkout with its Node.js 26, from source: `node bin/node26.js tools/test.ts`.
import { start } from './runtime.js'

start(process.argv[2], process.argv.slice(3))
