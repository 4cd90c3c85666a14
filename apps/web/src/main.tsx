import './styles/index.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LanguageProvider } from './frame/language.tsx'
import { listenToKeys } from './keys/keys.ts'
import { askBeforeClosing } from './screens/agreement/draft-keep.ts'
import { makeRouter } from './screens/routes.tsx'
import { sweepScratch } from './session/scratch.ts'
import { SignInError } from './session/sign-in.ts'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What is decided is decided anew each time: nothing that was permitted once is shown later from memory.
      staleTime: 0,
      gcTime: 0,
      retry: (count, error) => error instanceof SignInError && error.code === 'login/unreachable' && count < 2,
      refetchOnWindowFocus: true,
    },
  },
})
const root = document.getElementById('root')
if (root === null) throw new TypeError('the page has no root')
listenToKeys()
askBeforeClosing()
void sweepScratch().catch(() => {})
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
)
