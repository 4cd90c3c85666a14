/** A nation on a small disk that fills up (apps/cli/test/full-disk.ts). Last line: `N passed, N failed`. */
import '../../apps/cli/test/full-disk.ts'
