/** Every reader of strangers' documents in this package: vectors and fuzz. Which there are stands in spec/attacks.md. */
import { fuzzReaders, holdVectors } from '../../canonical/test/hostile-documents.ts'
import { readers } from './documents.ts'

holdVectors('ledger/documents.json', readers)
fuzzReaders(readers)
