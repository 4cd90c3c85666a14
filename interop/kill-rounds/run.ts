/** Kill rounds (apps/cli/test/kill-rounds.ts): whatever was acknowledged is there after a kill, once. Last line: `N passed, N failed`. */
import '../../apps/cli/test/kill-rounds.ts'
