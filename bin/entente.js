#!/usr/bin/env node
// The command `entente`, for any Node.js: finds the right one and starts the command line with it.
import { join } from 'path'
import { root, start } from './runtime.js'

start(join(root, 'apps', 'cli', 'src', 'main.ts'), process.argv.slice(2))
