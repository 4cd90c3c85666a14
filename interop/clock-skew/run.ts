/** Two nations whose clocks are minutes and days apart (apps/cli/test/clocks-apart.ts). Last line: `N passed, N failed`. */
import '../../apps/cli/test/clocks-apart.ts'
