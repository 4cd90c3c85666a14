/** Entry of the command line: `entente`, by way of `bin/entente.js`. */
import { runCommandLine } from './command-line.ts'

const { stdin, stdout, stderr, env, argv } = process

// Whoever reads us may stop (`entente report list | head`): that is no fault of anybody's.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await runCommandLine(argv.slice(2), { stdin, stdout, stderr, env })
