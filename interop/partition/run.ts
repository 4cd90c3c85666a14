/** Two nations, two network namespaces, one cable that fails (apps/cli/test/split-network.ts). Last line: `N passed, N failed`. */
import '../../apps/cli/test/split-network.ts'
