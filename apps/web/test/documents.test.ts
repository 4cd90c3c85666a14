/** What a browser reads that somebody handed to it: vectors and fuzz. Which readers there are stands in spec/attacks.md. */
import { fuzzReaders, holdVectors } from '../../../packages/canonical/test/hostile-documents.ts'
import { readers } from './documents.ts'

holdVectors('device/documents.json', readers)
fuzzReaders(readers)
