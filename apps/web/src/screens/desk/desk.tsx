import type { ReactNode } from 'react'

export function DeskScreen(): ReactNode {
  return null
}
